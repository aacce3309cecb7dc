-- A customer's income and spending in the last 12 months that were over by the day, of movements that name the customer
-- and, in the customer's part, of those that name only an account held at the end of the month.
-- Grain: one row per month with movements. The month that was not over may hold later days by now; ingresos is null in
-- months without salary or pension, ingresos_totales and egresos_totales where no movement says its direction.
with gasto as (
    select
        mes,
        ingresos,
        aguinaldo,
        compra_tarjeta,
        pago_servicio,
        debito_automatico,
        extraccion_cajero,
        ingresos_totales,
        egresos_totales
    from mart.gasto_mensual
    where
        cliente_id = %(cliente_id)s
        and mes >= (date_trunc('month', %(fecha)s::date + interval '1 day') - interval '12 months')::date
        and mes + interval '1 month' <= %(fecha)s::date + interval '1 day'
    union all
    select
        gasto.mes,
        dw.parte(gasto.ingresos, titular.participacion, titular.de, titular.otras) as ingresos,
        dw.parte(gasto.aguinaldo, titular.participacion, titular.de, titular.otras) as aguinaldo,
        dw.parte(gasto.compra_tarjeta, titular.participacion, titular.de, titular.otras) as compra_tarjeta,
        dw.parte(gasto.pago_servicio, titular.participacion, titular.de, titular.otras) as pago_servicio,
        dw.parte(gasto.debito_automatico, titular.participacion, titular.de, titular.otras) as debito_automatico,
        dw.parte(gasto.extraccion_cajero, titular.participacion, titular.de, titular.otras) as extraccion_cajero,
        dw.parte(gasto.ingresos_totales, titular.participacion, titular.de, titular.otras) as ingresos_totales,
        dw.parte(gasto.egresos_totales, titular.participacion, titular.de, titular.otras) as egresos_totales
    from dw.titularidad as titular
    inner join mart.gasto_mensual as gasto
        on
            titular.cuenta_id = gasto.cuenta_id
            and titular.desde <= (gasto.mes + interval '1 month - 1 day')::date
            and titular.hasta > (gasto.mes + interval '1 month - 1 day')::date
    where
        titular.cliente_id = %(cliente_id)s
        and titular.participacion > 0
        and gasto.cliente_id = ''
        and gasto.mes >= (date_trunc('month', %(fecha)s::date + interval '1 day') - interval '12 months')::date
        and gasto.mes + interval '1 month' <= %(fecha)s::date + interval '1 day'
)

select
    mes,
    sum(ingresos) as ingresos,
    sum(aguinaldo) as aguinaldo,
    sum(compra_tarjeta) as compra_tarjeta,
    sum(pago_servicio) as pago_servicio,
    sum(debito_automatico) as debito_automatico,
    sum(extraccion_cajero) as extraccion_cajero,
    sum(ingresos_totales) as ingresos_totales,
    sum(egresos_totales) as egresos_totales
from gasto
group by mes
order by mes
