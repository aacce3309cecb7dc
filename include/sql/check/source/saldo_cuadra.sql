-- A balance that is delivered for a day that the run touched is what saldo_inicial and the movements of the account by
-- then come to, where both are known, and in the currency of the account.

with saldo as materialized (
    select
        saldo.cuenta_id,
        saldo.fecha,
        saldo.saldo,
        cuenta.saldo_inicial,
        coalesce(cuenta.moneda, '') as moneda
    from dw.hecho_saldos as saldo
    inner join dw.dim_cuenta as cuenta
        on
            saldo.cuenta_id = cuenta.cuenta_id
            and dw.vigente(cuenta.vigente_desde, cuenta.vigente_hasta, saldo.fecha)
    where saldo.fecha = any(%(dias_del_mes)s::date[]) and cuenta.saldo_inicial is not null
),

movido as materialized (
    select
        cuenta_id,
        fecha,
        coalesce(moneda, '') as moneda,
        sum(dw.en_cuenta(coalesce(monto_original, monto), sentido, tipo_transaccion, tarjeta_id)) as neto,
        count(*) filter (where dw.en_cuenta(monto, sentido, tipo_transaccion, tarjeta_id) is null) as sin_sentido
    from dw.hecho_transacciones
    where
        fecha between %(mes)s::date and dw.ultimo_dia(%(mes)s::date)
        and cuenta_id in (select saldo.cuenta_id from saldo)
        and (moneda is null or dw.en_cuenta(monto, sentido, tipo_transaccion, tarjeta_id) is distinct from 0)
    group by cuenta_id, fecha, coalesce(moneda, '')
    union all
    select
        cuenta_id,
        %(mes)s::date - 1 as fecha,
        moneda,
        sum(neto) as neto,
        sum(sin_sentido) as sin_sentido
    from mart.cuenta_mensual
    where
        mes < %(mes)s::date
        and cuenta_id in (select saldo.cuenta_id from saldo)
        -- a row of a balance alone
        and (neto <> 0 or sin_sentido > 0)
    group by cuenta_id, moneda
),

diferencia as (
    select
        saldo.cuenta_id,
        saldo.fecha,
        saldo.saldo - saldo.saldo_inicial - coalesce(sum(movido.neto), 0) as de_mas
    from saldo
    left join movido
        on
            saldo.cuenta_id = movido.cuenta_id
            and saldo.fecha >= movido.fecha
    group by saldo.cuenta_id, saldo.fecha, saldo.saldo, saldo.saldo_inicial
    having
        coalesce(sum(movido.sin_sentido), 0) = 0
        and count(*) filter (where movido.moneda <> saldo.moneda) = 0
)

select
    count(*) as hallazgos,
    min(
        'account ' || cuenta_id || ' on ' || fecha || ', ' || de_mas || ' more than its movements come to'
    ) as ejemplo
from diferencia
where de_mas <> 0;
