-- What sells best as of the day, all 13 months.
select
    mes,
    categoria,
    puesto,
    producto_id,
    nombre,
    unidades,
    ingresos,
    margen
from mart.productos_mas_vendidos_historico
where fecha_corte = %(fecha)s::date
order by mes, categoria, puesto
