-- dw.hecho_devoluciones again: what its rows cost, and whether their orders were cancelled or returned as a whole, from
-- the first day on which a version of a product, or an order that has been touched, can have changed.
-- Grain: one row per return. Inputs: dw.dim_producto, dw.hecho_pedidos, venta_tocada, which historia_ventas has left
-- in the same transaction. All is derived from all versions and states, so the order in which days arrive does not
-- matter.

with derivada as (
    select
        devolucion.cliente_id,
        devolucion.fecha,
        devolucion.devolucion_id,
        dim_producto.categoria,
        pedido.fecha_anulacion,
        case when devolucion.cantidad is null then 0 else dw.valor(devolucion.cantidad, dim_producto.costo) end
            as costo
    from dw.hecho_devoluciones as devolucion
    left join dw.dim_producto as dim_producto
        on
            devolucion.producto_id = dim_producto.producto_id
            and devolucion.fecha >= dim_producto.vigente_desde
            and devolucion.fecha < dim_producto.vigente_hasta
    left join dw.hecho_pedidos as pedido
        on
            devolucion.cliente_id = pedido.cliente_id
            and devolucion.venta_id = pedido.venta_id
    -- nothing of an order comes back before the order
    where devolucion.fecha >= (select least(%(desde)s::date, min(venta_tocada.fecha_venta)) from venta_tocada)
)

update dw.hecho_devoluciones as hecho_devoluciones
set
    categoria = derivada.categoria,
    costo = derivada.costo,
    fecha_anulacion = derivada.fecha_anulacion
from derivada
where
    hecho_devoluciones.cliente_id = derivada.cliente_id
    and hecho_devoluciones.fecha = derivada.fecha
    and hecho_devoluciones.devolucion_id = derivada.devolucion_id
    and (hecho_devoluciones.categoria, hecho_devoluciones.costo, hecho_devoluciones.fecha_anulacion)
    is distinct from (derivada.categoria, derivada.costo, derivada.fecha_anulacion);
