-- The days that are published: those all of whose checks passed, but for those that only warn.
-- Grain: one row per business day, the newest first.
select fecha_corte
from control.verificaciones
group by fecha_corte
having bool_and(correcta or not detiene)
order by fecha_corte desc
