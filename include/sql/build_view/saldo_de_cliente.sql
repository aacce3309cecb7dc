-- saldo_de_cliente, for this transaction: what the accounts of a customer hold, and held at least of late.
-- Grain: one row per customer with a part of an account that is open at the end of the day fecha. Inputs:
-- cuenta_de_cliente, of this transaction, mart.cuenta_mensual, dw.hecho_transacciones, dw.hecho_saldos.
-- The balance of an account at the end of a day is the last one delivered by then or, without any, saldo_inicial and
-- what its movements come to, and unknown where one of them has no direction. Of a source that tells no balance nothing
-- is read.

create temporary table saldo_de_cliente on commit drop as
with cuenta as (
    select
        cuenta_id,
        min(saldo_inicial) as saldo_inicial,
        greatest(min(apertura), %(fecha)s::date - 89) as desde
    from cuenta_de_cliente
    where
        participacion > 0
        and 'cuentas' = any(%(entidades)s::text[])
        and (
            (select count(con_saldo.saldo_inicial) from cuenta_de_cliente as con_saldo) > 0
            or (select min(entregado.fecha) from dw.hecho_saldos as entregado) <= %(fecha)s::date
        )
    group by cuenta_id
),

movimiento as materialized (
    select
        cuenta_id,
        fecha as dia,
        coalesce(sum(dw.en_cuenta(monto, sentido, tipo_transaccion, tarjeta_id)), 0) as neto,
        count(*) filter (where dw.en_cuenta(monto, sentido, tipo_transaccion, tarjeta_id) is null) as sin_sentido
    from dw.hecho_transacciones
    where
        fecha between dw.mes(%(fecha)s::date - 89) and %(fecha)s::date
        and cuenta_id is not null
        and (select count(cuenta.saldo_inicial) from cuenta) > 0
    group by cuenta_id, fecha
),

-- what was before the first of these months counts on the day before it
cambio as (
    select
        cuenta_id,
        dia,
        neto,
        sin_sentido,
        null::numeric as saldo
    from movimiento
    union all
    select
        cuenta_id,
        fecha as dia,
        0 as neto,
        0 as sin_sentido,
        saldo
    from dw.hecho_saldos
    where fecha between dw.mes(%(fecha)s::date - 89) and %(fecha)s::date
    union all
    select
        cuenta_id,
        dw.mes(%(fecha)s::date - 89) - 1 as dia,
        sum(neto) as neto,
        sum(sin_sentido) as sin_sentido,
        (array_agg(saldo order by mes desc) filter (where saldo is not null))[1] as saldo
    from mart.cuenta_mensual
    where mes < dw.mes(%(fecha)s::date - 89) and (select count(*) from cuenta) > 0
    group by cuenta_id
    union all
    select
        cuenta_id,
        desde as dia,
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
        cuenta.saldo_inicial,
        max(cambio.saldo) as saldo,
        sum(sum(cambio.neto)) over corrida as neto,
        sum(sum(cambio.sin_sentido)) over corrida as sin_sentido,
        count(max(cambio.saldo)) over corrida as entregados
    from cambio
    inner join cuenta
        on cambio.cuenta_id = cuenta.cuenta_id
    group by cambio.cuenta_id, cambio.dia, cuenta.desde, cuenta.saldo_inicial
    window corrida as (partition by cambio.cuenta_id order by cambio.dia)
),

-- from a change until the next
tramo as (
    select
        cuenta_id,
        greatest(dia, desde) as desde,
        lead(dia, 1, %(fecha)s::date + 1) over (partition by cuenta_id order by dia) as hasta,
        case
            when entregados > 0 then max(saldo) over (partition by cuenta_id, entregados)
            when sin_sentido = 0 then saldo_inicial + neto
        end as saldo
    from dia
),

momento as (
    select distinct
        titular.cliente_id,
        tramo.desde as dia
    from cuenta_de_cliente as titular
    inner join tramo
        on titular.cuenta_id = tramo.cuenta_id
    where titular.participacion > 0
    union
    select
        titular.cliente_id,
        %(fecha)s::date as dia
    from cuenta_de_cliente as titular
    inner join cuenta
        on titular.cuenta_id = cuenta.cuenta_id
    where titular.participacion > 0
),

total as (
    select
        momento.cliente_id,
        momento.dia,
        case
            when count(*) = count(tramo.saldo)
                then sum(dw.parte(tramo.saldo, titular.participacion, titular.de, titular.otras))
        end as saldo
    from momento
    inner join cuenta_de_cliente as titular
        on momento.cliente_id = titular.cliente_id
    inner join tramo
        on
            titular.cuenta_id = tramo.cuenta_id
            and momento.dia >= tramo.desde
            and momento.dia < tramo.hasta
    where titular.participacion > 0
    group by momento.cliente_id, momento.dia
)

select
    cliente_id,
    min(saldo) filter (where dia = %(fecha)s::date) as saldo_total,
    min(saldo) as saldo_minimo_90d
from total
group by cliente_id;
