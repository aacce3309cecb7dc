-- dw.hecho_ventas, partitioned by month, an accumulating fact.
-- Grain: one row per line of an order.
-- Inputs: the days of staging.detalle_ventas from desde to hasta that wait there, pedido_tocado, of this transaction,
-- dw.dim_producto. A day that is delivered again replaces what it delivered before.

delete from dw.hecho_ventas as hecho_ventas
using control.cargas as dia
where
    dia.entidad = 'detalle_ventas'
    and dia.capa = 'staging'
    and hecho_ventas.fecha = dia.fecha
    and hecho_ventas.fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.hecho_ventas (
    cliente_id, fecha, venta_id, linea, producto_id, cantidad, precio_unitario, descuento, importe,
    categoria, costo, margen, metodo_pago, provincia_envio, campania_id, fecha_anulacion, anulacion
)
select
    detalle_ventas.cliente_id,
    detalle_ventas.fecha,
    detalle_ventas.venta_id,
    detalle_ventas.linea,
    detalle_ventas.producto_id,
    detalle_ventas.cantidad,
    detalle_ventas.precio_unitario,
    detalle_ventas.descuento,
    dw.valor(detalle_ventas.cantidad, detalle_ventas.precio_unitario) - detalle_ventas.descuento as importe,
    dim_producto.categoria,
    dw.valor(detalle_ventas.cantidad, dim_producto.costo) as costo,
    dw.valor(detalle_ventas.cantidad, detalle_ventas.precio_unitario) - detalle_ventas.descuento
    - dw.valor(detalle_ventas.cantidad, dim_producto.costo) as margen,
    pedido_tocado.metodo_pago,
    pedido_tocado.provincia_envio,
    pedido_tocado.campania_id,
    pedido_tocado.fecha_anulacion,
    pedido_tocado.anulacion
from staging.detalle_ventas as detalle_ventas
inner join pedido_tocado
    on
        detalle_ventas.cliente_id = pedido_tocado.cliente_id
        and detalle_ventas.venta_id = pedido_tocado.venta_id
left join dw.dim_producto as dim_producto
    on
        detalle_ventas.producto_id = dim_producto.producto_id
        and detalle_ventas.fecha >= dim_producto.vigente_desde
        and detalle_ventas.fecha < dim_producto.vigente_hasta
where detalle_ventas.fecha between %(desde)s::date and %(hasta)s::date;

select control.analyze_grown('dw.hecho_ventas');

-- the lines that were there before: what has become known of their orders
update dw.hecho_ventas as hecho_ventas
set
    metodo_pago = pedido_tocado.metodo_pago,
    provincia_envio = pedido_tocado.provincia_envio,
    campania_id = pedido_tocado.campania_id,
    fecha_anulacion = pedido_tocado.fecha_anulacion,
    anulacion = pedido_tocado.anulacion
from pedido_tocado
where
    hecho_ventas.cliente_id = pedido_tocado.cliente_id
    and hecho_ventas.venta_id = pedido_tocado.venta_id
    -- no line of these orders is older
    and hecho_ventas.fecha >= (select least(%(desde)s::date, min(primero.fecha_venta)) from pedido_tocado as primero)
    and (
        hecho_ventas.metodo_pago, hecho_ventas.provincia_envio, hecho_ventas.campania_id,
        hecho_ventas.fecha_anulacion, hecho_ventas.anulacion
    ) is distinct from (
        pedido_tocado.metodo_pago, pedido_tocado.provincia_envio, pedido_tocado.campania_id,
        pedido_tocado.fecha_anulacion, pedido_tocado.anulacion
    );
