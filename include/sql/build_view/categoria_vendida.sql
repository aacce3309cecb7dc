-- categoria_vendida, for this transaction: what was sold, by category and month; shipping is one of its own, envio.
-- Grain: one row per category and month, of the last 14 as of fecha, in which something was sold.
-- Inputs: dw.hecho_ventas, envio_mensual, of this transaction.

create temporary table categoria_vendida on commit drop as
with linea as (
    select
        coalesce(categoria, 'sin_dato') as categoria,
        dw.mes(fecha) as mes,
        sum(importe) as ingresos,
        sum(costo) as costo,
        sum(margen) as margen,
        sum(importe) filter (where costo is null) as ingresos_sin_costo
    from dw.hecho_ventas
    where
        fecha between (
            select min(meses.mes) from mart.meses(%(inicio)s::date, %(fecha)s::date, 14) as meses
        ) and %(fecha)s::date
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
    group by coalesce(categoria, 'sin_dato'), dw.mes(fecha)
    union all
    select
        'envio' as categoria,
        mes,
        ingresos,
        costo,
        ingresos - costo as margen,
        case when costo is null then ingresos end as ingresos_sin_costo
    from envio_mensual
)

-- a product may be of a category of that name too
select
    categoria,
    mes,
    sum(ingresos) as ingresos,
    sum(costo) as costo,
    sum(margen) as margen,
    sum(ingresos_sin_costo) as ingresos_sin_costo
from linea
group by categoria, mes;
