-- Where orders were sold as of the day, 13 months. Grain: one row per channel, branch, seller and month.
select
    canal,
    sucursal,
    vendedor,
    mes,
    pedidos,
    ingresos,
    ticket_promedio,
    cargo_envio,
    devoluciones,
    ingresos_netos,
    participacion_pct,
    fecha_corte
from mart.ventas_por_canal_historico
where fecha_corte = %(fecha)s::date
order by canal, sucursal, vendedor, mes
