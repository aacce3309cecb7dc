-- Counts rows that are left out by file, as those of an entity.
-- Grain: one row per file. Input: lines that are left out.

insert into diferencia (entidad, entrega, filas, numeradas, lineas, huella, suma)
select
    'descartes' as entidad,
    _entrega,
    %(veces)s * count(*) as filas,
    %(veces)s * count(_linea) as numeradas,
    %(veces)s * coalesce(sum(hashint8extended(_linea, 0)), 0) as lineas,
    0 as huella,
    0 as suma
from %(tipadas)s
group by _entrega;
