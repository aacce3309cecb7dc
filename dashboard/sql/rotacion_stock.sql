-- How fast stock turns over as of the day, all 13 months.
select
    mes,
    categoria,
    unidades_vendidas,
    stock_promedio,
    rotacion,
    dias_de_stock
from mart.rotacion_stock_historico
where fecha_corte = %(fecha)s::date
order by mes, categoria
