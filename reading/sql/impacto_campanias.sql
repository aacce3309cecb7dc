-- What campaigns added as of the day. Grain: one row per campaign.
select
    campania_id,
    nombre,
    canal,
    categoria,
    fecha_inicio,
    fecha_fin,
    contactados,
    control,
    conversion_contactados_pct,
    conversion_control_pct,
    pedidos_incrementales,
    pedidos_incrementales_desde,
    pedidos_incrementales_hasta,
    ingresos_incrementales,
    ingresos_incrementales_desde,
    ingresos_incrementales_hasta,
    presupuesto,
    roi,
    exito,
    fecha_corte,
    devoluciones_incrementales,
    ingresos_netos_incrementales,
    ingresos_netos_incrementales_desde,
    ingresos_netos_incrementales_hasta
from mart.impacto_campanias_historico
where fecha_corte = %(fecha)s::date
order by campania_id
