-- What is earned as of the day, all 13 months.
select
    mes,
    categoria,
    ingresos,
    costo,
    margen,
    margen_pct,
    ingresos_sin_costo,
    variacion_ingresos_pct
from mart.rentabilidad_mensual_historico
where fecha_corte = %(fecha)s::date
order by mes, categoria
