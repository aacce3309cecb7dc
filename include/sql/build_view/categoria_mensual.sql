-- categoria_mensual, for this transaction: what was sold and what came back, by category and month.
-- Grain: one row per category and month, of the last 14 as of fecha, also where nothing was sold; none where the source
-- lacks products, orders or their lines.
-- Inputs: categoria_vendida and envio_mensual, of this transaction, dw.hecho_devoluciones, dw.dim_producto.

create temporary table categoria_mensual on commit drop as
-- the months published, and the one before them to compare with
with mes_comparado as (
    select
        mes,
        ultimo_dia
    from mart.meses(%(inicio)s::date, %(fecha)s::date, 14)
    where array['productos', 'ventas', 'detalle_ventas'] <@ %(entidades)s::text[]
),

devolucion as (
    select
        coalesce(categoria, 'sin_dato') as categoria,
        dw.mes(fecha) as mes,
        sum(monto) as monto,
        sum(costo) as costo,
        sum(monto - costo) as margen,
        sum(monto) filter (where costo is null) as monto_sin_costo
    from dw.hecho_devoluciones
    where
        fecha between (select min(mes_comparado.mes) from mes_comparado) and %(fecha)s::date
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
        and 'devoluciones' = any(%(entidades)s::text[])
    group by coalesce(categoria, 'sin_dato'), dw.mes(fecha)
),

-- sin_dato is that of what was sold or came back before its product was known, too
conocida as (
    select
        coalesce(categoria, 'sin_dato') as categoria,
        vigente_desde as desde
    from dw.dim_producto
    union all
    select
        categoria,
        mes as desde
    from categoria_vendida
    where categoria = 'sin_dato'
    union all
    select
        categoria,
        mes as desde
    from devolucion
    where categoria = 'sin_dato'
    union all
    select
        'envio' as categoria,
        mes as desde
    from envio_mensual
),

categoria_conocida as (
    select
        categoria,
        min(desde) as desde
    from conocida
    group by categoria
)

-- nothing sold cost nothing; of lines without any known cost, neither is known
select
    categoria_conocida.categoria,
    mes_comparado.mes,
    mes_comparado.ultimo_dia,
    coalesce(venta.ingresos, 0) as ingresos,
    case when venta.mes is null then 0 else venta.costo end - coalesce(devolucion.costo, 0) as costo,
    case when venta.mes is null then 0 else venta.margen end - coalesce(devolucion.margen, 0) as margen,
    coalesce(venta.ingresos_sin_costo, 0) as ingresos_sin_costo,
    coalesce(devolucion.monto, 0) as devuelto,
    coalesce(venta.ingresos_sin_costo, 0) - coalesce(devolucion.monto_sin_costo, 0) as neto_sin_costo,
    coalesce(venta.ingresos, 0) - coalesce(devolucion.monto, 0) as neto
from mes_comparado
inner join categoria_conocida
    on least(mes_comparado.ultimo_dia, %(fecha)s::date) >= categoria_conocida.desde
left join categoria_vendida as venta
    on
        mes_comparado.mes = venta.mes
        and categoria_conocida.categoria = venta.categoria
left join devolucion
    on
        mes_comparado.mes = devolucion.mes
        and categoria_conocida.categoria = devolucion.categoria;
