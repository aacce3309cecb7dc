-- recuentos
-- What became of the rows of the files that the newest run of a day read, and of all files there were. Counts only: a
-- rejected line may be a person's.
-- Grain: one row per entity, then one per way of customers to leave or return by a list and of lines to become no row;
-- none where the run judged no rows.
-- Inputs: control.entradas, control.recuentos.
with ultima as (
    select corrida
    from control.entradas
    where fecha_corte = %(fecha)s::date
    order by momento desc
    limit 1
)

select
    recuentos.entidad,
    recuentos.aceptadas,
    recuentos.repetidas,
    recuentos.rechazadas,
    recuentos.aceptadas_en_total,
    recuentos.repetidas_en_total,
    recuentos.rechazadas_en_total
from ultima
inner join control.recuentos as recuentos
    on ultima.corrida = recuentos.corrida
order by
    recuentos.entidad in ('ausentes', 'regresos', 'descartes', 'copias', 'sin_mapear', 'ilegibles'),
    recuentos.entidad
