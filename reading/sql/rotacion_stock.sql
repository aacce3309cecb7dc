-- How fast stock turns over as of the day, 13 months. Grain: one row per category and month.
select
    categoria,
    mes,
    unidades_vendidas,
    stock_promedio,
    rotacion,
    dias_de_stock,
    fecha_corte
from mart.rotacion_stock_historico
where fecha_corte = %(fecha)s::date
order by categoria, mes
