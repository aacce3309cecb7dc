-- Income, spending, indebtedness, debt and arrears as of the day, added up so that any provinces and segments can be
-- put together.
-- Grain: one row per province and income quintile. Each sum stands beside the number of customers who have the figure.
select
    provincia,
    segmento_ingresos,
    count(*) as clientes,
    count(ingresos_mensuales) as con_ingresos,
    sum(ingresos_mensuales) as ingresos,
    count(gasto_mensual_promedio) as con_gasto,
    sum(gasto_mensual_promedio) as gasto,
    count(score_endeudamiento) as con_score,
    sum(score_endeudamiento) as score,
    count(deuda_total) as con_deuda,
    sum(deuda_total) as deuda,
    count(situacion) as con_credito,
    count(*) filter (where dias_mora_max > 0) as en_mora
from mart.cliente_360_historico
where fecha_corte = %(fecha)s::date
group by provincia, segmento_ingresos
order by provincia, segmento_ingresos
