-- The balances of some accounts that were delivered for the 90 days, and the last one before.
-- Grain: one row per account and day.
(
    select distinct on (cuenta_id)
        cuenta_id,
        fecha,
        saldo
    from dw.hecho_saldos
    where
        cuenta_id = any(%(cuentas)s::text[])
        and fecha < %(fecha)s::date - 89
    order by cuenta_id asc, fecha desc
)
union all
select
    cuenta_id,
    fecha,
    saldo
from dw.hecho_saldos
where
    cuenta_id = any(%(cuentas)s::text[])
    and fecha between %(fecha)s::date - 89 and %(fecha)s::date
order by cuenta_id, fecha
