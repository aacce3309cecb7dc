-- cliente_360.csv: the customers as of the day fecha, in the order of cliente_id.

select
    cliente_id,
    nombre,
    edad,
    provincia,
    ingresos_mensuales,
    gasto_mensual_promedio,
    score_endeudamiento,
    origen_ingresos,
    meses_observados,
    ocupacion,
    antiguedad_meses,
    segmento_ingresos,
    fecha_corte
from mart.cliente_360_historico
where fecha_corte = %(fecha)s::date
order by cliente_id;
