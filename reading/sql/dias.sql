-- The days that were checked, and whether they are published: all checks passed, apart from those that only warn.
-- Grain: one row per business day, the newest first. transaccion is the transaction that checked it; a day that is
-- computed again gets another one.
select
    fecha_corte,
    bool_and(correcta or not detiene) as publicado,
    max(xmin::text::bigint) as transaccion
from control.verificaciones
group by fecha_corte
order by fecha_corte desc
