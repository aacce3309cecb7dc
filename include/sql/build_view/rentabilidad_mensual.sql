-- mart.rentabilidad_mensual_historico: revenue and profitability.
-- Grain: one row per category and month, of the last 13 as of fecha. Input: categoria_mensual, of this transaction.

delete from mart.rentabilidad_mensual_historico
where fecha_corte = %(fecha)s::date;

insert into mart.rentabilidad_mensual_historico (
    categoria, mes, ingresos, costo, margen, margen_pct, ingresos_sin_costo, variacion_ingresos_pct, fecha_corte,
    devoluciones, ingresos_netos, tasa_devolucion_pct, participacion_pct, costo_conocido_pct
)
with comparada as (
    select
        *,
        -- of a month that lies in the history as a whole
        case when lag(mes) over anterior >= %(inicio)s::date then lag(neto) over anterior end as neto_anterior,
        sum(ingresos) over (partition by mes) as ingresos_del_mes,
        'devoluciones' = any(%(entidades)s::text[]) as con_devoluciones
    from categoria_mensual
    window anterior as (partition by categoria order by mes)
)

select
    categoria,
    mes,
    ingresos,
    costo,
    margen,
    round(margen * 100 / nullif(greatest(neto - neto_sin_costo, 0), 0), 2) as margen_pct,
    ingresos_sin_costo,
    case
        when ultimo_dia <= %(fecha)s::date
            then round((neto - neto_anterior) * 100 / nullif(greatest(neto_anterior, 0), 0), 2)
    end as variacion_ingresos_pct,
    %(fecha)s::date as fecha_corte,
    case when con_devoluciones then devuelto end as devoluciones,
    case when con_devoluciones then neto end as ingresos_netos,
    case when con_devoluciones then round(devuelto * 100 / nullif(ingresos, 0), 2) end as tasa_devolucion_pct,
    round(ingresos * 100 / nullif(ingresos_del_mes, 0), 2) as participacion_pct,
    round((ingresos - ingresos_sin_costo) * 100 / nullif(ingresos, 0), 2) as costo_conocido_pct
from comparada
where mes >= dw.mes(%(fecha)s::date) - interval '12 months';
