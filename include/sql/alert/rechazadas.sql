-- The entities of which more than a share of the rows was rejected, in the files that a run read.
-- Grain: one row per entity, and one for lines that could not be read. Input: control.recuentos.
with leida as (
    select
        entidad,
        rechazadas,
        aceptadas + repetidas + rechazadas as filas
    from control.recuentos
    where corrida = %(corrida)s
)

select
    entidad,
    rechazadas,
    filas
from leida
where rechazadas > 0 and rechazadas * 100.0 / filas > %(umbral)s
order by entidad
