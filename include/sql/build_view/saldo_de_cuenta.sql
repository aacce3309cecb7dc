-- saldo_de_cuenta, for this transaction: what accounts hold, in their currency, from a change until the next.
-- Grain: one row per account that is open at the end of the day fecha, of which somebody has a part, and day with a
-- change, of the 90 that end on fecha. Inputs: cuenta_de_cliente and saldo_entregado, of this transaction,
-- mart.cuenta_mensual, dw.hecho_transacciones, dw.hecho_saldos.
-- The balance of an account at the end of a day is the last one delivered by then or, without any, saldo_inicial and
-- what its movements come to, and unknown where one of them has no direction or is in another currency than the
-- account, or the source has no movements. Of a source that tells no balance nothing is read.

create temporary table saldo_de_cuenta on commit drop as
with cuenta as (
    select
        cuenta_id,
        min(moneda) as moneda,
        min(saldo_inicial) as saldo_inicial,
        greatest(min(apertura), %(fecha)s::date - 89) as desde
    from cuenta_de_cliente
    where
        participacion > 0
        and (
            (select count(con_saldo.saldo_inicial) from cuenta_de_cliente as con_saldo) > 0
            or (
                'saldos' = any(%(entidades)s::text[])
                and (select min(entregado.fecha) from dw.hecho_saldos as entregado) <= %(fecha)s::date
            )
        )
    group by cuenta_id
),

-- the accounts whose movements say something: those before the first balance that was delivered
por_movimientos as materialized (
    select
        cuenta.cuenta_id,
        coalesce(min(entregado.dia), date '9999-12-31') as hasta
    from cuenta
    left join saldo_entregado as entregado
        on cuenta.cuenta_id = entregado.cuenta_id
    where cuenta.saldo_inicial is not null
    group by cuenta.cuenta_id
    having coalesce(min(entregado.dia) > min(cuenta.desde), true)
),

cambio as (
    select
        hecho.cuenta_id,
        hecho.fecha as dia,
        coalesce(hecho.moneda, '') as moneda,
        coalesce(
            sum(
                dw.en_cuenta(
                    coalesce(hecho.monto_original, hecho.monto),
                    hecho.sentido,
                    hecho.tipo_transaccion,
                    hecho.tarjeta_id
                )
            ), 0
        ) as neto,
        count(*) filter (
            where dw.en_cuenta(hecho.monto, hecho.sentido, hecho.tipo_transaccion, hecho.tarjeta_id) is null
        ) as sin_sentido,
        null::numeric as saldo
    from dw.hecho_transacciones as hecho
    inner join por_movimientos
        on
            hecho.cuenta_id = por_movimientos.cuenta_id
            and hecho.fecha < por_movimientos.hasta
    where
        hecho.fecha between dw.mes(%(fecha)s::date - 89) and %(fecha)s::date
        and (
            hecho.moneda is null
            or dw.en_cuenta(hecho.monto, hecho.sentido, hecho.tipo_transaccion, hecho.tarjeta_id) is distinct from 0
        )
    group by hecho.cuenta_id, hecho.fecha, coalesce(hecho.moneda, '')
    union all
    select
        mensual.cuenta_id,
        dw.mes(%(fecha)s::date - 89) - 1 as dia,
        mensual.moneda,
        sum(mensual.neto) as neto,
        sum(mensual.sin_sentido) as sin_sentido,
        null::numeric as saldo
    from mart.cuenta_mensual as mensual
    inner join por_movimientos
        on mensual.cuenta_id = por_movimientos.cuenta_id
    where mensual.mes < dw.mes(%(fecha)s::date - 89)
    group by mensual.cuenta_id, mensual.moneda
    union all
    select
        cuenta_id,
        dia,
        null as moneda,
        0 as neto,
        0 as sin_sentido,
        saldo
    from saldo_entregado
    union all
    select
        cuenta_id,
        desde as dia,
        null as moneda,
        0 as neto,
        0 as sin_sentido,
        null::numeric as saldo
    from cuenta
),

dia as (
    select
        cambio.cuenta_id,
        cambio.dia,
        cuenta.desde,
        cuenta.moneda,
        cuenta.saldo_inicial,
        max(cambio.saldo) as saldo,
        sum(sum(cambio.neto)) over corrida as neto,
        -- nor is it known what a movement in another currency than the account's moved in it
        sum(
            sum(cambio.sin_sentido) + count(*) filter (where cambio.moneda <> coalesce(cuenta.moneda, ''))
        ) over corrida as sin_sentido,
        count(max(cambio.saldo)) over corrida as entregados
    from cambio
    inner join cuenta
        on cambio.cuenta_id = cuenta.cuenta_id
    group by cambio.cuenta_id, cambio.dia, cuenta.desde, cuenta.moneda, cuenta.saldo_inicial
    window corrida as (partition by cambio.cuenta_id order by cambio.dia)
)

select
    cuenta_id,
    moneda,
    greatest(dia, desde) as desde,
    lead(dia, 1, %(fecha)s::date + 1) over (partition by cuenta_id order by dia) as hasta,
    case
        when entregados > 0 then max(saldo) over (partition by cuenta_id, entregados)
        when sin_sentido = 0 and 'transacciones' = any(%(entidades)s::text[]) then saldo_inicial + neto
    end as saldo
from dia;

analyze saldo_de_cuenta;
