-- The columns of mart.cliente_360_historico are within their range, and agree with each other. edad depends on the
-- dates of birth in the source: see edad_posible.

with fila as (
    select
        concat_ws(
            ', ',
            case when ingresos_mensuales < 0 or ingresos_mensuales = 'NaN' then 'ingresos_mensuales out of range' end,
            case
                when gasto_mensual_promedio < 0 or gasto_mensual_promedio = 'NaN'
                    then 'gasto_mensual_promedio out of range'
            end,
            case
                when score_endeudamiento < 0 or score_endeudamiento = 'NaN' then 'score_endeudamiento out of range'
            end,
            case when meses_observados not between 0 and 12 then 'meses_observados out of range' end,
            case when antiguedad_meses < 0 then 'antiguedad_meses below 0' end,
            case when segmento_ingresos not between 1 and 5 then 'segmento_ingresos out of range' end,
            case when monto_compras_12m < 0 or monto_compras_12m = 'NaN' then 'monto_compras_12m out of range' end,
            case when monto_devuelto_12m < 0 or monto_devuelto_12m = 'NaN' then 'monto_devuelto_12m out of range' end,
            case
                when monto_neto_12m <> monto_compras_12m - monto_devuelto_12m
                    then 'monto_neto_12m, which contradicts monto_devuelto_12m'
            end,
            case when dias_sin_comprar < 0 then 'dias_sin_comprar below 0' end,
            case when entregas_demoradas_pct not between 0 and 100 then 'entregas_demoradas_pct out of range' end,
            case when contactos_campania_12m < 0 then 'contactos_campania_12m below 0' end,
            case
                when (compras_12m = 0) <> (ticket_promedio is null)
                    then 'ticket_promedio, which contradicts compras_12m'
            end,
            case
                when (primera_compra is null) <> (tipo_comprador = 'sin_compras')
                    then 'tipo_comprador, which contradicts primera_compra'
            end,
            case
                when (primera_compra is null) <> (segmento_rfm is null)
                    then 'segmento_rfm, which contradicts primera_compra'
            end,
            case when primera_compra > ultima_compra then 'primera_compra after ultima_compra' end,
            case when ultima_compra > fecha_corte then 'ultima_compra after fecha_corte' end,
            case
                when (gasto_mensual_promedio is null) <> (meses_observados = 0)
                    then 'gasto_mensual_promedio, which contradicts meses_observados'
            end,
            case
                when (ingresos_mensuales is null) <> (origen_ingresos is null)
                    then 'origen_ingresos, which contradicts ingresos_mensuales'
            end,
            case
                when ingresos_totales_promedio < 0 or ingresos_totales_promedio = 'NaN'
                    then 'ingresos_totales_promedio out of range'
            end,
            case
                when egresos_totales_promedio < 0 or egresos_totales_promedio = 'NaN'
                    then 'egresos_totales_promedio out of range'
            end,
            case
                -- each rounded by itself
                when
                    num_nulls(ingresos_totales_promedio, egresos_totales_promedio, ahorro_promedio) in (1, 2)
                    or abs(ahorro_promedio - ingresos_totales_promedio + egresos_totales_promedio) > 0.01
                    then 'ahorro_promedio, which contradicts ingresos_totales_promedio'
            end,
            case when deuda_total < 0 or deuda_total = 'NaN' then 'deuda_total out of range' end,
            case when cuota_sobre_ingreso < 0 then 'cuota_sobre_ingreso below 0' end,
            case when uso_de_limite < 0 then 'uso_de_limite below 0' end,
            case when dias_mora_max < 0 then 'dias_mora_max below 0' end,
            case
                when situacion is distinct from dw.situacion(dias_mora_max)
                    then 'situacion, which contradicts dias_mora_max'
            end
        ) as defectos
    from mart.cliente_360_historico
    where fecha_corte = %(fecha)s::date
)

select
    count(*) as hallazgos,
    min('a row with ' || defectos) as ejemplo
from fila
where defectos <> '';
