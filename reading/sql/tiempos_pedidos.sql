-- How long orders were in each state as of the day, 13 months. Grain: one row per state and month of the order.
select
    estado,
    mes,
    pedidos,
    dias_media,
    dias_p90,
    fecha_corte
from mart.tiempos_pedidos_historico
where fecha_corte = %(fecha)s::date
order by estado, mes
