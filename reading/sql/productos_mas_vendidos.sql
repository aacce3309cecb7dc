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
    fecha_corte,
    unidades_devueltas,
    devoluciones,
    ingresos_netos,
    tasa_devolucion_pct
from mart.productos_mas_vendidos_historico
where fecha_corte = %(fecha)s::date
order by categoria, mes, puesto
