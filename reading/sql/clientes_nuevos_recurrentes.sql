-- New and returning customers as of the day, 13 months. Grain: one row per month.
select
    mes,
    compradores,
    nuevos,
    recurrentes,
    ingresos_nuevos,
    ingresos_recurrentes,
    tasa_recompra_pct,
    fecha_corte,
    devoluciones_nuevos,
    devoluciones_recurrentes,
    ingresos_netos_nuevos,
    ingresos_netos_recurrentes,
    ingresos_sin_cliente,
    sin_cliente_pct,
    devoluciones_sin_cliente
from mart.clientes_nuevos_recurrentes_historico
where fecha_corte = %(fecha)s::date
order by mes
