-- The columns of mart.cliente_360_historico are within their range. edad depends on the dates of birth in the source:
-- see edad_posible.

select
    count(*) as hallazgos,
    min('a row of ' || fecha_corte) as ejemplo
from mart.cliente_360_historico
where
    fecha_corte = %(fecha)s::date
    and (
        ingresos_mensuales not between 0 and 999999999999.99
        or gasto_mensual_promedio not between 0 and 999999999999.99
        or score_endeudamiento not between 0 and 9999999999.9999
        or meses_observados not between 0 and 12
        or antiguedad_meses < 0
        or segmento_ingresos not between 1 and 5
        or monto_compras_12m not between 0 and 999999999999.99
        or (compras_12m = 0) <> (ticket_promedio is null)
        or (primera_compra is null) <> (tipo_comprador = 'sin_compras')
        or (primera_compra is null) <> (segmento_rfm is null)
        or primera_compra > ultima_compra
        or ultima_compra > fecha_corte
        or dias_sin_comprar < 0
        or entregas_demoradas_pct not between 0 and 100
        or contactos_campania_12m < 0
        or (gasto_mensual_promedio is null) <> (meses_observados = 0)
        or (ingresos_mensuales is null) <> (origen_ingresos is null)
    );
