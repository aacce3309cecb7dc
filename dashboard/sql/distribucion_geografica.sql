-- Where customers are as of the day.
select
    puesto,
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
    motivo
from mart.distribucion_geografica_historico
where fecha_corte = %(fecha)s::date
order by puesto
