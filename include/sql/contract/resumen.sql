-- Counts rows of an entity in the temporary table diferencia, `veces` 1 for those that came and -1 for those that went.
-- Grain: one row per file, day and state. Input: typed rows of the entity.

-- the planner cannot know that there are few groups, and would sort
set local enable_sort = off;

-- a table of its own: parallel workers do not serve an insert into an existing one
create temporary table resumen_de_la_entidad on commit drop as
select
    %(entidad)s as entidad,
    _entrega,
    %(dia)s as dia_de_la_fila,
    _estado,
    count(*) as filas,
    count(_linea) as numeradas,
    coalesce(sum(hashint8extended(_linea, 0)), 0) as lineas,
    coalesce(sum(%(huella)s) filter (where _estado is null), 0) as huella,
    coalesce(sum(%(medida)s) filter (where _estado is null), 0) as suma
from %(tipadas)s
group by entidad, _entrega, dia_de_la_fila, _estado;

set local enable_sort = on;

insert into diferencia (entidad, entrega, fecha, estado, filas, numeradas, lineas, huella, suma)
select
    entidad,
    _entrega,
    dia_de_la_fila,
    _estado,
    %(veces)s * filas as filas,
    %(veces)s * numeradas as numeradas,
    %(veces)s * lineas as lineas,
    %(veces)s * huella as huella,
    %(veces)s * suma as suma
from resumen_de_la_entidad;

drop table resumen_de_la_entidad;
