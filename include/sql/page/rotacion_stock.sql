-- The 5 categories whose stock turns over fastest in the month of the day.
select
    categoria,
    unidades_vendidas,
    stock_promedio,
    rotacion,
    dias_de_stock
from mart.rotacion_stock_historico
where
    fecha_corte = %(fecha)s::date
    and mes = date_trunc('month', %(fecha)s::date)
order by rotacion desc nulls last, categoria asc
limit 5
