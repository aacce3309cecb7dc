-- mart.stock_mensual adds up to the stock movements of the months that the run touched. A month of which another run
-- has days on their way is left to that run.

with en_camino as (
    select dw.mes(fecha) as mes
    from control.cargas
    where
        entidad = 'movimientos_stock'
        and capa <> 'mart'
        and fecha between %(mes)s::date and dw.ultimo_dia(%(mes)s::date)
),

movimiento as (
    select
        dw.mes(fecha) as mes,
        sum(cantidad) as cambio,
        coalesce(-sum(cantidad) filter (where tipo = 'venta'), 0) as unidades_vendidas
    from dw.hecho_stock
    where fecha between %(mes)s::date and dw.ultimo_dia(%(mes)s::date)
    group by dw.mes(fecha)
),

resumen as (
    select
        mes,
        sum(cambio) as cambio,
        sum(unidades_vendidas) as unidades_vendidas
    from mart.stock_mensual
    where mes = %(mes)s::date
    group by mes
)

select
    count(*) as hallazgos,
    min(
        coalesce(movimiento.mes, resumen.mes) || ': the summary has ' || coalesce(resumen.cambio, 0) || ', '
        || coalesce(resumen.unidades_vendidas, 0) || ' sold, the movements ' || coalesce(movimiento.cambio, 0)
        || ', ' || coalesce(movimiento.unidades_vendidas, 0) || ' sold'
    ) as ejemplo
from movimiento
full outer join resumen
    on movimiento.mes = resumen.mes
left join en_camino
    on coalesce(movimiento.mes, resumen.mes) = en_camino.mes
where
    en_camino.mes is null
    and (
        movimiento.cambio is distinct from resumen.cambio
        or movimiento.unidades_vendidas is distinct from resumen.unidades_vendidas
    );
