-- mart.productos_mas_vendidos_historico: best-selling products by category and month.
-- Grain: one row per category, month of the order and rank, of the last 13 months as of fecha.
-- None where the source provides no products or no orders with lines. Inputs: dw.hecho_ventas, dw.dim_producto.

delete from mart.productos_mas_vendidos_historico
where fecha_corte = %(fecha)s::date;

insert into mart.productos_mas_vendidos_historico (
    categoria, mes, puesto, producto_id, nombre, unidades, ingresos, margen, fecha_corte
)
with venta as (
    select
        categoria,
        dw.mes(fecha) as mes,
        producto_id,
        sum(cantidad) as unidades,
        sum(importe) as ingresos,
        sum(margen) as margen
    from dw.hecho_ventas
    where
        fecha between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
        and categoria is not null
        and array['productos', 'ventas', 'detalle_ventas'] <@ %(entidades)s::text[]
    group by categoria, dw.mes(fecha), producto_id
),

ordenada as (
    select
        *,
        row_number() over (
            partition by categoria, mes
            order by unidades desc, ingresos desc, producto_id asc
        ) as puesto
    from venta
)

select
    ordenada.categoria,
    ordenada.mes,
    ordenada.puesto,
    ordenada.producto_id,
    producto.nombre,
    ordenada.unidades,
    ordenada.ingresos,
    ordenada.margen,
    %(fecha)s::date as fecha_corte
from ordenada
left join dw.dim_producto as producto
    on
        ordenada.producto_id = producto.producto_id
        and dw.vigente(producto.vigente_desde, producto.vigente_hasta, %(fecha)s::date)
where ordenada.puesto <= 10;
