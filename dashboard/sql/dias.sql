-- The days that can be looked at: those all of whose checks passed, but for those that only warn.
-- Grain: one row per business day, the newest first. transaccion is the one that checked it: another one, when the day
-- is computed again.
select
    fecha_corte,
    max(xmin::text::bigint) as transaccion
from control.verificaciones
group by fecha_corte
having bool_and(correcta or not detiene)
order by fecha_corte desc
