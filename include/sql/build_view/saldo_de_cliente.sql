-- saldo_de_cliente, for this transaction: what the accounts of a customer hold, and held at least of late.
-- Grain: one row per customer with a part of an account that is open at the end of the day fecha. Inputs:
-- cuenta_de_cliente and saldo_de_cuenta, of this transaction, dw.dim_cotizacion.
-- A balance is worth what the rate of the day says, and what that is is unknown without one.

create temporary table saldo_de_cliente on commit drop as
with momento as (
    select distinct
        titular.cliente_id,
        saldo_de_cuenta.desde as dia
    from cuenta_de_cliente as titular
    inner join saldo_de_cuenta
        on titular.cuenta_id = saldo_de_cuenta.cuenta_id
    where titular.participacion > 0
    union
    select
        titular.cliente_id,
        cotizacion.vigente_desde as dia
    from cuenta_de_cliente as titular
    inner join saldo_de_cuenta
        on titular.cuenta_id = saldo_de_cuenta.cuenta_id
    inner join dw.dim_cotizacion as cotizacion
        on
            saldo_de_cuenta.moneda = cotizacion.moneda
            and saldo_de_cuenta.desde < cotizacion.vigente_desde
            and cotizacion.vigente_desde <= %(fecha)s::date
    where titular.participacion > 0
    union
    select
        titular.cliente_id,
        %(fecha)s::date as dia
    from cuenta_de_cliente as titular
    inner join saldo_de_cuenta
        on titular.cuenta_id = saldo_de_cuenta.cuenta_id
    where titular.participacion > 0
),

parte as (
    select
        momento.cliente_id,
        momento.dia,
        dw.parte(
            dw.convertido(saldo_de_cuenta.saldo, saldo_de_cuenta.moneda, cotizacion.cotizacion),
            titular.participacion,
            titular.de,
            titular.otras
        ) as saldo
    from momento
    inner join cuenta_de_cliente as titular
        on momento.cliente_id = titular.cliente_id
    inner join saldo_de_cuenta
        on
            titular.cuenta_id = saldo_de_cuenta.cuenta_id
            and momento.dia >= saldo_de_cuenta.desde
            and momento.dia < saldo_de_cuenta.hasta
    left join dw.dim_cotizacion as cotizacion
        on
            saldo_de_cuenta.moneda = cotizacion.moneda
            and momento.dia >= cotizacion.vigente_desde
            and momento.dia < cotizacion.vigente_hasta
    where titular.participacion > 0
),

total as (
    select
        cliente_id,
        dia,
        case when count(*) = count(saldo) then sum(saldo) end as saldo
    from parte
    group by cliente_id, dia
)

select
    cliente_id,
    min(saldo) filter (where dia = %(fecha)s::date) as saldo_total,
    min(saldo) as saldo_minimo_90d
from total
group by cliente_id;
