-- The changed days of each entity.
-- Grain: one row per entity. Input: the temporary table dia_cambiado.

select
    entidad,
    array_agg(fecha) as dias
from dia_cambiado
group by entidad;
