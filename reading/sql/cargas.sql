-- The landing files of a day and the layer that each has reached.
-- Grain: one row per entity. Input: control.cargas.
select
    entidad,
    filas,
    capa,
    archivo,
    mundo
from control.cargas
where fecha = %(fecha)s::date
order by entidad
