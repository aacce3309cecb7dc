-- saldo_de_cuenta, for this transaction: what accounts hold, in their currency, from a change until the next.
-- Grain: one row per account that is open at the end of the day fecha, of which somebody has a part, and day with a
-- change, of the 90 that end on fecha. Inputs: cuenta_de_cliente, of this transaction, mart.cuenta_mensual,
-- dw.hecho_transacciones, dw.hecho_saldos.
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

movimiento as materialized (
    select
        cuenta_id,
        fecha as dia,
        coalesce(moneda, '') as moneda,
        coalesce(
            sum(dw.en_cuenta(coalesce(monto_original, monto), sentido, tipo_transaccion, tarjeta_id)), 0
        ) as neto,
        count(*) filter (where dw.en_cuenta(monto, sentido, tipo_transaccion, tarjeta_id) is null) as sin_sentido
    from dw.hecho_transacciones
    where
        fecha between dw.mes(%(fecha)s::date - 89) and %(fecha)s::date
        and cuenta_id is not null
        and (moneda is null or dw.en_cuenta(monto, sentido, tipo_transaccion, tarjeta_id) is distinct from 0)
        and (select count(cuenta.saldo_inicial) from cuenta) > 0
    group by cuenta_id, fecha, coalesce(moneda, '')
),

-- what was before the first of these months counts on the day before it
cambio as (
    select
        cuenta_id,
        dia,
        moneda,
        neto,
        sin_sentido,
        null::numeric as saldo
    from movimiento
    union all
    select
        cuenta_id,
        fecha as dia,
        null as moneda,
        0 as neto,
        0 as sin_sentido,
        saldo
    from dw.hecho_saldos
    where
        fecha between dw.mes(%(fecha)s::date - 89) and %(fecha)s::date
        and 'saldos' = any(%(entidades)s::text[])
    union all
    select
        cuenta_id,
        dw.mes(%(fecha)s::date - 89) - 1 as dia,
        moneda,
        sum(neto) as neto,
        sum(sin_sentido) as sin_sentido,
        (
            array_agg(saldo order by mes desc)
            filter (where saldo is not null and 'saldos' = any(%(entidades)s::text[]))
        )[1] as saldo
    from mart.cuenta_mensual
    where mes < dw.mes(%(fecha)s::date - 89) and (select count(*) from cuenta) > 0
    group by cuenta_id, moneda
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
