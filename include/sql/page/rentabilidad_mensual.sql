-- The 5 categories that earned most in the month of the day.
select
    categoria,
    ingresos,
    margen,
    margen_pct
from mart.rentabilidad_mensual_historico
where
    fecha_corte = %(fecha)s::date
    and mes = date_trunc('month', %(fecha)s::date)
order by margen desc, categoria asc
limit 5
