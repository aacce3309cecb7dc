-- The days that the page offers: those that were checked, and whether they passed all checks that stop a run.
-- Grain: one row per business day, the newest first.
select
    fecha_corte,
    bool_and(correcta or not detiene) as publicado
from control.verificaciones
group by fecha_corte
order by fecha_corte desc
