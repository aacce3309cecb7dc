-- The lookups from which rows of an entity come.
-- Grain: one row per kind of file. Inputs: crudo._resumen, control.entregas.

select distinct entregas.tabla
from crudo._resumen as resumen
inner join control.entregas as entregas
    on resumen.entrega = entregas.entrega
where resumen.entidad = %(entidad)s::text and entregas.tabla = any(%(lookups)s::text[]);
