-- mart.cuenta_mensual.
-- Grain: one row per account and month with movements or balances, and currency of the movements, in which they are
-- added up. Inputs: dw.hecho_transacciones, dw.hecho_saldos.
-- Only the months from desde to hasta, those the run has touched, are computed again, each whole.

delete from mart.cuenta_mensual
where mes between dw.mes(%(desde)s::date) and %(hasta)s::date;

insert into mart.cuenta_mensual (cuenta_id, mes, moneda, neto, sin_sentido, saldo)
with movimiento as (
    select
        cuenta_id,
        dw.mes(fecha) as mes,
        coalesce(moneda, '') as moneda,
        coalesce(
            sum(dw.en_cuenta(coalesce(monto_original, monto), sentido, tipo_transaccion, tarjeta_id)), 0
        ) as neto,
        count(*) filter (where dw.en_cuenta(monto, sentido, tipo_transaccion, tarjeta_id) is null) as sin_sentido
    from dw.hecho_transacciones
    where
        fecha between dw.mes(%(desde)s::date) and dw.ultimo_dia(%(hasta)s::date)
        and cuenta_id is not null
        and (moneda is null or dw.en_cuenta(monto, sentido, tipo_transaccion, tarjeta_id) is distinct from 0)
    group by cuenta_id, dw.mes(fecha), coalesce(moneda, '')
),

saldo as (
    select distinct on (cuenta_id, dw.mes(fecha))
        cuenta_id,
        saldo,
        dw.mes(fecha) as mes,
        '' as moneda
    from dw.hecho_saldos
    where fecha between dw.mes(%(desde)s::date) and dw.ultimo_dia(%(hasta)s::date)
    order by cuenta_id asc, dw.mes(fecha) asc, fecha desc
)

select
    coalesce(movimiento.cuenta_id, saldo.cuenta_id) as cuenta_id,
    coalesce(movimiento.mes, saldo.mes) as mes,
    coalesce(movimiento.moneda, saldo.moneda) as moneda,
    coalesce(movimiento.neto, 0) as neto,
    coalesce(movimiento.sin_sentido, 0) as sin_sentido,
    saldo.saldo
from movimiento
full outer join saldo
    on
        movimiento.cuenta_id = saldo.cuenta_id
        and movimiento.mes = saldo.mes
        and movimiento.moneda = saldo.moneda;
