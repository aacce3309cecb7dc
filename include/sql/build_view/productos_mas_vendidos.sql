-- mart.productos_mas_vendidos_historico: best-selling products by category and month.
-- Grain: one row per category, month of the order and rank, of the last 13 months as of fecha.
-- None where the source provides no products or no orders with lines.
-- Inputs: dw.hecho_ventas, dw.hecho_devoluciones, dw.dim_producto.

delete from mart.productos_mas_vendidos_historico
where fecha_corte = %(fecha)s::date;

insert into mart.productos_mas_vendidos_historico (
    categoria, mes, puesto, producto_id, nombre, unidades, ingresos, margen, fecha_corte,
    unidades_devueltas, devoluciones, ingresos_netos, tasa_devolucion_pct
)
with venta as (
    select
        producto_id,
        coalesce(categoria, 'sin_dato') as categoria,
        dw.mes(fecha) as mes,
        sum(cantidad) as unidades,
        sum(importe) as ingresos,
        sum(margen) as margen
    from dw.hecho_ventas
    where
        fecha between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
        and array['productos', 'ventas', 'detalle_ventas'] <@ %(entidades)s::text[]
    group by producto_id, coalesce(categoria, 'sin_dato'), dw.mes(fecha)
),

devolucion as (
    select
        producto_id,
        coalesce(categoria, 'sin_dato') as categoria,
        dw.mes(fecha) as mes,
        coalesce(sum(cantidad), 0) as unidades,
        sum(monto) as monto,
        sum(monto - costo) as margen
    from dw.hecho_devoluciones
    where
        fecha between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
        and 'devoluciones' = any(%(entidades)s::text[])
    group by producto_id, coalesce(categoria, 'sin_dato'), dw.mes(fecha)
),

neta as (
    select
        venta.*,
        coalesce(devolucion.unidades, 0) as unidades_devueltas,
        coalesce(devolucion.monto, 0) as devuelto,
        venta.margen - coalesce(devolucion.margen, 0) as margen_neto
    from venta
    left join devolucion
        on
            venta.categoria = devolucion.categoria
            and venta.mes = devolucion.mes
            and venta.producto_id = devolucion.producto_id
),

ordenada as (
    select
        *,
        row_number() over (
            partition by categoria, mes
            order by unidades - unidades_devueltas desc, ingresos - devuelto desc, producto_id asc
        ) as puesto
    from neta
),

-- what came back, where the source says so
conocida as (
    select 'devoluciones' = any(%(entidades)s::text[]) as si
)

select
    ordenada.categoria,
    ordenada.mes,
    ordenada.puesto,
    ordenada.producto_id,
    producto.nombre,
    trim_scale(ordenada.unidades) as unidades,
    ordenada.ingresos,
    ordenada.margen_neto as margen,
    %(fecha)s::date as fecha_corte,
    case when conocida.si then trim_scale(ordenada.unidades_devueltas) end as unidades_devueltas,
    case when conocida.si then ordenada.devuelto end as devoluciones,
    case when conocida.si then ordenada.ingresos - ordenada.devuelto end as ingresos_netos,
    case when conocida.si then round(ordenada.devuelto * 100 / nullif(ordenada.ingresos, 0), 2) end
        as tasa_devolucion_pct
from ordenada
cross join conocida
left join dw.dim_producto as producto
    on
        ordenada.producto_id = producto.producto_id
        and dw.vigente(producto.vigente_desde, producto.vigente_hasta, %(fecha)s::date)
where ordenada.puesto <= 10;
