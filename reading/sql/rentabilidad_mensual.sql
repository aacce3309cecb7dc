-- What is earned as of the day, 13 months. Grain: one row per category and month.
select
    categoria,
    mes,
    ingresos,
    costo,
    margen,
    margen_pct,
    ingresos_sin_costo,
    variacion_ingresos_pct,
    fecha_corte,
    devoluciones,
    ingresos_netos,
    tasa_devolucion_pct,
    participacion_pct,
    costo_conocido_pct
from mart.rentabilidad_mensual_historico
where fecha_corte = %(fecha)s::date
order by categoria, mes
