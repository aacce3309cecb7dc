-- saldo_de_cliente, for this transaction: what the accounts of a customer hold, and held at least of late.
-- Grain: one row per customer with a part of an account that is open at the end of the day fecha. Inputs:
-- cuenta_de_cliente and saldo_de_cuenta, of this transaction, dw.dim_cotizacion.
-- A balance is worth what the rate of the day says, and what that is is unknown without one. What begins on a day
-- counts from then on and what ends on it is taken off: each day of a customer is added up once.

create temporary table saldo_de_cliente on commit drop as
with parte as (
    select
        titular.cliente_id,
        titular.participacion,
        titular.de,
        titular.otras,
        saldo_de_cuenta.desde,
        saldo_de_cuenta.hasta,
        saldo_de_cuenta.saldo,
        saldo_de_cuenta.moneda,
        dw.convertido(saldo_de_cuenta.saldo, saldo_de_cuenta.moneda, null) as convertido
    from cuenta_de_cliente as titular
    inner join saldo_de_cuenta
        on titular.cuenta_id = saldo_de_cuenta.cuenta_id
    where titular.participacion > 0 and saldo_de_cuenta.desde < saldo_de_cuenta.hasta
),

-- first without a rate, then known while one is in force
tramo as (
    select
        cliente_id,
        desde,
        hasta,
        coalesce(dw.parte(convertido, participacion, de, otras), 0) as saldo,
        (convertido is null)::integer as desconocidos
    from parte
    union all
    select
        parte.cliente_id,
        greatest(parte.desde, cotizacion.vigente_desde) as desde,
        least(parte.hasta, cotizacion.vigente_hasta) as hasta,
        dw.parte(
            dw.convertido(parte.saldo, parte.moneda, cotizacion.cotizacion),
            parte.participacion,
            parte.de,
            parte.otras
        ) as saldo,
        -1 as desconocidos
    from parte
    inner join dw.dim_cotizacion as cotizacion
        on
            parte.moneda = cotizacion.moneda
            and parte.desde < cotizacion.vigente_hasta
            and parte.hasta > cotizacion.vigente_desde
    where
        parte.convertido is null
        and parte.saldo is not null
        and cotizacion.vigente_desde <= %(fecha)s::date
        and cotizacion.vigente_hasta > %(fecha)s::date - 90
),

cambio as (
    select
        cliente_id,
        desde as dia,
        saldo,
        desconocidos
    from tramo
    union all
    select
        cliente_id,
        hasta as dia,
        -saldo as saldo,
        -desconocidos as desconocidos
    from tramo
    where hasta <= %(fecha)s::date
),

total as (
    select
        cliente_id,
        dia,
        case when sum(sum(desconocidos)) over corrida = 0 then sum(sum(saldo)) over corrida end as saldo
    from cambio
    group by cliente_id, dia
    window corrida as (partition by cliente_id order by dia)
)

select
    cliente_id,
    (array_agg(saldo order by dia desc))[1] as saldo_total,
    min(saldo) as saldo_minimo_90d
from total
group by cliente_id;
