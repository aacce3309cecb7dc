-- A customer's income and spending in the last 12 months that were over by the day.
-- Grain: one row per month with movements. The month that was not over may hold later days by now; ingresos is null in
-- months without salary or pension.
select
    mes,
    ingresos,
    aguinaldo,
    compra_tarjeta,
    pago_servicio,
    debito_automatico,
    extraccion_cajero
from mart.gasto_mensual
where
    cliente_id = %(cliente_id)s
    and mes >= (date_trunc('month', %(fecha)s::date + interval '1 day') - interval '12 months')::date
    and mes + interval '1 month' <= %(fecha)s::date + interval '1 day'
order by mes
