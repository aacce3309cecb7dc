-- Counts the rows that are left out by file, as those of an entity.
-- Grain: one row per file. Input: crudo._descartes.

insert into resumen (entidad, entrega, filas, numeradas, lineas)
select
    'descartes' as entidad,
    _entrega,
    count(*) as filas,
    count(_linea) as numeradas,
    sum(hashint8extended(_linea, 0)) as lineas
from crudo._descartes
group by _entrega;
