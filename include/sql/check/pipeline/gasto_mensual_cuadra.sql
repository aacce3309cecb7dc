-- mart.gasto_mensual adds up, to the cent, to the movements of the months that the run touched. A month of which
-- another run has days on their way is left to that run.

with en_camino as (
    select dw.mes(fecha) as mes
    from control.cargas
    where entidad = 'transacciones' and capa <> 'mart' and fecha between %(mes)s::date and dw.ultimo_dia(%(mes)s::date)
),

movimiento as (
    select
        dw.mes(fecha) as mes,
        count(*) as movimientos,
        coalesce(sum(monto) filter (where tipo_transaccion <> 'transferencia'), 0) as monto
    from dw.hecho_transacciones
    where fecha between %(mes)s::date and dw.ultimo_dia(%(mes)s::date)
    group by dw.mes(fecha)
),

resumen as (
    select
        mes,
        sum(movimientos) as movimientos,
        sum(
            coalesce(ingresos, 0) + aguinaldo + compra_tarjeta + pago_servicio + debito_automatico + extraccion_cajero
        ) as monto
    from mart.gasto_mensual
    where mes = %(mes)s::date
    group by mes
)

select
    count(*) as hallazgos,
    min(
        coalesce(movimiento.mes, resumen.mes) || ': the summary has ' || coalesce(resumen.monto, 0)
        || ', the movements ' || coalesce(movimiento.monto, 0)
    ) as ejemplo
from movimiento
full outer join resumen
    on movimiento.mes = resumen.mes
left join en_camino
    on coalesce(movimiento.mes, resumen.mes) = en_camino.mes
where
    en_camino.mes is null
    and (
        movimiento.monto is distinct from resumen.monto
        or movimiento.movimientos is distinct from resumen.movimientos
    );
