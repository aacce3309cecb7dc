-- Brings the counts of the entities with differences up to date.
-- Grain: one row per entity, file, day and state. Inputs: crudo._resumen, the temporary table diferencia.

create temporary table resumen_nuevo on commit drop as
select
    entidad,
    entrega,
    fecha,
    estado,
    sum(filas) as filas,
    sum(numeradas) as numeradas,
    sum(lineas) as lineas,
    sum(huella) as huella,
    sum(suma) as suma
from (
    select * from crudo._resumen
    union all
    select * from diferencia
) as contada
where entidad in (select diferencia.entidad from diferencia)
group by entidad, entrega, fecha, estado
having sum(filas) <> 0;

delete from crudo._resumen
where entidad in (select diferencia.entidad from diferencia);

insert into crudo._resumen (entidad, entrega, fecha, estado, filas, numeradas, lineas, huella, suma)
select
    entidad,
    entrega,
    fecha,
    estado,
    filas,
    numeradas,
    lineas,
    huella,
    suma
from resumen_nuevo;

drop table resumen_nuevo;

analyze crudo._resumen;
