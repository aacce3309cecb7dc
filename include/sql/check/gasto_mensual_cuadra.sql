-- mart.gasto_mensual adds up, to the cent, to the movements of every month that the run touched.

with movimiento as (
    select
        date_trunc('month', fecha::timestamp)::date as mes,
        count(*) as movimientos,
        coalesce(sum(monto) filter (where tipo_transaccion <> 'transferencia'), 0) as monto
    from dw.hecho_transacciones
    where
        fecha >= date_trunc('month', %(desde)s::timestamp)::date
        and fecha < (date_trunc('month', %(hasta)s::timestamp) + interval '1 month')::date
    group by date_trunc('month', fecha::timestamp)::date
),

resumen as (
    select
        mes,
        sum(movimientos) as movimientos,
        sum(
            coalesce(ingresos, 0) + aguinaldo + compra_tarjeta + pago_servicio + debito_automatico + extraccion_cajero
        ) as monto
    from mart.gasto_mensual
    where mes between date_trunc('month', %(desde)s::timestamp)::date and %(hasta)s::date
    group by mes
)

select
    count(*) as hallazgos,
    min(
        coalesce(movimiento.mes, resumen.mes)
        || ': '
        || coalesce(resumen.monto, 0)
        || ' of '
        || coalesce(movimiento.monto, 0)
    )
        as ejemplo
from movimiento
full outer join resumen
    on movimiento.mes = resumen.mes
where
    movimiento.monto is distinct from resumen.monto
    or movimiento.movimientos is distinct from resumen.movimientos;
