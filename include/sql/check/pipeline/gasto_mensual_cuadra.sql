-- mart.gasto_mensual adds up, to the cent, to the movements of the months that the run touched: by kinds, and what came
-- in and left. A month of which another run has days on their way is left to that run.

with en_camino as (
    select dw.mes(fecha) as mes
    from control.cargas
    where entidad = 'transacciones' and capa <> 'mart' and fecha between %(mes)s::date and dw.ultimo_dia(%(mes)s::date)
),

movimiento as (
    select
        dw.mes(fecha) as mes,
        count(*) as movimientos,
        coalesce(
            sum(monto) filter (
                where
                tipo_transaccion in (
                    'compra_tarjeta', 'debito_automatico', 'extraccion_cajero', 'pago_servicio', 'ingreso_sueldo'
                )
            ), 0
        ) as monto,
        sum(monto) filter (where tipo_transaccion in ('deposito', 'cobro', 'beneficio')) as depositos,
        sum(monto) filter (
            where sentido = 'credito' and dw.es_flujo(tipo_transaccion, tarjeta_id)
        ) as ingresos_totales,
        sum(monto) filter (
            where sentido = 'debito' and dw.es_flujo(tipo_transaccion, tarjeta_id)
        ) as egresos_totales
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
        ) as monto,
        sum(depositos) as depositos,
        sum(ingresos_totales) as ingresos_totales,
        sum(egresos_totales) as egresos_totales
    from mart.gasto_mensual
    where mes = %(mes)s::date
    group by mes
)

select
    count(*) as hallazgos,
    min(
        coalesce(movimiento.mes, resumen.mes) || ': the summary has '
        || concat_ws(' / ', resumen.monto, resumen.depositos, resumen.ingresos_totales, resumen.egresos_totales)
        || ', the movements '
        || concat_ws(
            ' / ', movimiento.monto, movimiento.depositos, movimiento.ingresos_totales, movimiento.egresos_totales
        )
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
        or coalesce(movimiento.depositos, 0) <> coalesce(resumen.depositos, 0)
        or coalesce(movimiento.ingresos_totales, 0) <> coalesce(resumen.ingresos_totales, 0)
        or coalesce(movimiento.egresos_totales, 0) <> coalesce(resumen.egresos_totales, 0)
    );
