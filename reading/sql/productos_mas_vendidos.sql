-- What sells best as of the day, 13 months. Grain: one row per category, month and rank.
select
    categoria,
    mes,
    puesto,
    producto_id,
    nombre,
    unidades,
    ingresos,
    margen,
    fecha_corte
from mart.productos_mas_vendidos_historico
where fecha_corte = %(fecha)s::date
order by categoria, mes, puesto
