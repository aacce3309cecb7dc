-- gasto_de_cuenta, for this transaction: what of the movements that name only their account is whose.
-- Grain: one row per customer and complete month. Inputs: mart.gasto_mensual, dw.titularidad.
-- The movements of a month are those of who holds the account on its last day, in their parts; each sum of an account
-- and month is divided to the cent, so that the parts add up to it.

create temporary table gasto_de_cuenta on commit drop as
with gasto as materialized (
    select
        cuenta_id,
        mes,
        dw.ultimo_dia(mes) as dia,
        ingresos,
        compra_tarjeta,
        pago_servicio,
        debito_automatico,
        extraccion_cajero,
        depositos,
        ingresos_totales,
        egresos_totales
    from mart.gasto_mensual
    where
        cliente_id = ''
        and mes between (%(fecha)s::date - interval '13 months')::date and %(fecha)s::date
        and dw.ultimo_dia(mes) <= %(fecha)s::date
        and 'titulares_cuenta' = any(%(entidades)s::text[])
)

select
    titular.cliente_id,
    gasto.mes,
    sum(dw.parte(gasto.ingresos, titular.participacion, titular.de, titular.otras)) as ingresos,
    sum(dw.parte(gasto.compra_tarjeta, titular.participacion, titular.de, titular.otras)) as compra_tarjeta,
    sum(dw.parte(gasto.pago_servicio, titular.participacion, titular.de, titular.otras)) as pago_servicio,
    sum(dw.parte(gasto.debito_automatico, titular.participacion, titular.de, titular.otras)) as debito_automatico,
    sum(dw.parte(gasto.extraccion_cajero, titular.participacion, titular.de, titular.otras)) as extraccion_cajero,
    sum(dw.parte(gasto.depositos, titular.participacion, titular.de, titular.otras)) as depositos,
    sum(dw.parte(gasto.ingresos_totales, titular.participacion, titular.de, titular.otras)) as ingresos_totales,
    sum(dw.parte(gasto.egresos_totales, titular.participacion, titular.de, titular.otras)) as egresos_totales
from dw.titularidad as titular
inner join gasto
    on
        titular.cuenta_id = gasto.cuenta_id
        and dw.vigente(titular.desde, titular.hasta, gasto.dia)
where titular.participacion > 0
group by titular.cliente_id, gasto.mes;

analyze gasto_de_cuenta;
