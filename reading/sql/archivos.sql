-- archivos
-- What the newest run of a day found of the files of its feed, of withdrawn ones and of those that it did not read, and
-- whether it loaded their rows.
-- Grain: one row, none without such a run. Input: control.entradas.
-- Columns stand in the order in which people read them.
-- noqa: disable=ST06
select
    nuevos,
    cambiados,
    archivos - nuevos - cambiados as sin_cambio,
    retirados,
    sin_leer,
    cargada,
    corrida
from control.entradas
where fecha_corte = %(fecha)s::date
order by momento desc
limit 1
