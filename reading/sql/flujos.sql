-- What came in and left in the last 12 months that were over by the day, of the customers of the day and, without a
-- province, of movements that name only an account, added up so that any provinces and segments can be put together.
-- Grain: one row per month, province and income quintile; none of months in which no movement says its direction.
select
    gasto_mensual.mes,
    cliente.provincia,
    cliente.segmento_ingresos,
    count(gasto_mensual.ingresos_totales) as con_flujo,
    sum(gasto_mensual.ingresos_totales) as ingresos_totales,
    sum(gasto_mensual.egresos_totales) as egresos_totales
from mart.gasto_mensual as gasto_mensual
left join mart.cliente_360_historico as cliente
    on
        gasto_mensual.cliente_id = cliente.cliente_id
        and cliente.fecha_corte = %(fecha)s::date
where
    gasto_mensual.ingresos_totales is not null
    and (cliente.cliente_id is not null or gasto_mensual.cliente_id = '')
    and gasto_mensual.mes >= (date_trunc('month', %(fecha)s::date + interval '1 day') - interval '12 months')::date
    and gasto_mensual.mes + interval '1 month' <= %(fecha)s::date + interval '1 day'
group by gasto_mensual.mes, cliente.provincia, cliente.segmento_ingresos
order by gasto_mensual.mes, cliente.provincia, cliente.segmento_ingresos
