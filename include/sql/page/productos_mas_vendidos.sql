-- The best seller of each category in the month of the day: the 5 that sold most.
select
    categoria,
    nombre,
    unidades,
    ingresos,
    margen
from mart.productos_mas_vendidos_historico
where
    fecha_corte = %(fecha)s::date
    and mes = date_trunc('month', %(fecha)s::date)
    and puesto = 1
order by unidades desc, categoria asc
limit 5
