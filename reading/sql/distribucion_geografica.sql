-- Where customers are as of the day. Grain: one row per province and country.
select
    provincia,
    region,
    poblacion,
    clientes,
    clientes_por_1000_hab,
    clientes_hace_12m,
    crecimiento_pct,
    ingresos_por_cliente,
    clientes_potenciales,
    ingresos_potenciales,
    puesto,
    motivo,
    fecha_corte,
    devoluciones_por_cliente,
    ingresos_netos_por_cliente,
    pais
from mart.distribucion_geografica_historico
where fecha_corte = %(fecha)s::date
order by provincia, pais
