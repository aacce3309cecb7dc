-- dw.hecho_ventas again: what its lines cost, from the first day on which a version of a product can have changed.
-- Grain: one row per line of an order.
-- Inputs: dw.dim_producto, and the days of detalle_ventas from desde to hasta that wait in staging, whose lines
-- hecho_ventas has just valued in the same transaction.

with linea_valorada as (
    select
        hecho_ventas.cliente_id,
        hecho_ventas.fecha,
        hecho_ventas.venta_id,
        hecho_ventas.linea,
        dim_producto.categoria,
        dw.valor(hecho_ventas.cantidad, dim_producto.costo) as costo
    from dw.hecho_ventas as hecho_ventas
    left join control.cargas as dia
        on
            hecho_ventas.fecha = dia.fecha
            and dia.entidad = 'detalle_ventas'
            and dia.capa = 'staging'
            and dia.fecha between %(desde)s::date and %(hasta)s::date
    left join dw.dim_producto as dim_producto
        on
            hecho_ventas.producto_id = dim_producto.producto_id
            and hecho_ventas.fecha >= dim_producto.vigente_desde
            and hecho_ventas.fecha < dim_producto.vigente_hasta
    where
        hecho_ventas.fecha >= %(desde)s::date
        and dia.fecha is null
        and (hecho_ventas.categoria, hecho_ventas.costo)
        is distinct from (dim_producto.categoria, dw.valor(hecho_ventas.cantidad, dim_producto.costo))
)

update dw.hecho_ventas as hecho_ventas
set
    categoria = linea_valorada.categoria,
    costo = linea_valorada.costo,
    margen = hecho_ventas.importe - linea_valorada.costo
from linea_valorada
where
    hecho_ventas.cliente_id = linea_valorada.cliente_id
    and hecho_ventas.fecha = linea_valorada.fecha
    and hecho_ventas.fecha >= %(desde)s::date
    and hecho_ventas.venta_id = linea_valorada.venta_id
    and hecho_ventas.linea = linea_valorada.linea;
