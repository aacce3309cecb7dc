-- The columns of mart.cliente_360_historico lie within what they can be.

select
    count(*) as hallazgos,
    min(cliente_id) as ejemplo
from mart.cliente_360_historico
where
    fecha_corte = %(fecha)s::date
    and (
        edad not between 0 and 130
        or ingresos_mensuales not between 0 and 999999999999.99
        or gasto_mensual_promedio not between 0 and 999999999999.99
        or score_endeudamiento not between 0 and 9999999999.9999
        or meses_observados not between 0 and 12
        or antiguedad_meses < 0
        or segmento_ingresos not between 1 and 5
        or (gasto_mensual_promedio is null) <> (meses_observados = 0)
        or (ingresos_mensuales is null) <> (origen_ingresos is null)
    );
