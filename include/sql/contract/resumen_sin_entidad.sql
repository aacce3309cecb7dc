-- Takes away what was counted of an entity all of whose rows are judged again, under each name of its rows.
-- Inputs: crudo._resumen, crudo._provincias_nombradas.

insert into diferencia (entidad, entrega, fecha, estado, filas, numeradas, lineas, huella, suma)
select
    entidad,
    entrega,
    fecha,
    estado,
    -filas as filas,
    -numeradas as numeradas,
    -lineas as lineas,
    -huella as huella,
    -suma as suma
from crudo._resumen
where entidad = any(%(entidades)s::text[]);

delete from crudo._provincias_nombradas
where entidad = any(%(entidades)s::text[]);
