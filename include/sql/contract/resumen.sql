-- Counts the rows of an entity in the temporary table resumen.
-- Grain: one row per file, day and state. Input: the typed rows of the entity.

-- the planner cannot know that there are few groups, and would sort
set local enable_sort = off;

-- a table of its own: parallel workers do not serve an insert into an existing one
create temporary table resumen_de_la_entidad on commit drop as
select
    %(entidad)s::text as entidad,
    _entrega,
    %(dia)s as dia_de_la_fila,
    _estado,
    count(*) as filas,
    count(_linea) as numeradas,
    sum(hashint8extended(_linea, 0)) as lineas,
    sum(%(huella)s) filter (where _estado is null) as huella,
    sum(%(medida)s) filter (where _estado is null) as suma
from %(tipadas)s
group by _entrega, dia_de_la_fila, _estado;

set local enable_sort = on;

insert into resumen (entidad, entrega, fecha, estado, filas, numeradas, lineas, huella, suma)
select
    entidad,
    _entrega,
    dia_de_la_fila,
    _estado,
    filas,
    numeradas,
    lineas,
    huella,
    suma
from resumen_de_la_entidad;

drop table resumen_de_la_entidad;
