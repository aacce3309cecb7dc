-- dw.hecho_ventas, partitioned by month, an accumulating fact.
-- Grain: one row per line of an order.
-- Inputs: the days of staging.detalle_ventas from desde to hasta that wait there, venta_tocada, which historia_ventas
-- has left in the same transaction, dw.historia_ventas, dw.dim_producto.
-- A day that is delivered again replaces what it delivered before. What is known of an order (who ships where,
-- whether and when it was cancelled or returned) is derived from all its states, so the order in which days arrive
-- does not matter.

-- historia_ventas has just filled it
select control.analyze_grown('dw.historia_ventas');

create temporary table pedido on commit drop as
with estado_conocido as (
    select
        historia_ventas.*,
        row_number() over (
            partition by historia_ventas.cliente_id, historia_ventas.venta_id
            order by historia_ventas.fecha, dw.state_rank(historia_ventas.estado)
        ) as orden
    from dw.historia_ventas as historia_ventas
    inner join venta_tocada
        on
            historia_ventas.cliente_id = venta_tocada.cliente_id
            and historia_ventas.venta_id = venta_tocada.venta_id
),

pedido_conocido as (
    select
        cliente_id,
        venta_id,
        min(fecha_venta) as fecha_venta,
        max(metodo_pago) filter (where orden = 1) as metodo_pago,
        max(provincia_envio) filter (where orden = 1) as provincia_envio,
        max(campania_id) filter (where orden = 1) as campania_id,
        min(fecha) filter (where estado <> 'completada') as fecha_anulacion,
        (array_agg(estado order by orden) filter (where estado <> 'completada'))[1] as anulacion
    from estado_conocido
    group by cliente_id, venta_id
)

-- also orders of which no state is left
select
    venta_tocada.cliente_id,
    venta_tocada.venta_id,
    least(venta_tocada.fecha_venta, pedido_conocido.fecha_venta) as fecha_venta,
    pedido_conocido.metodo_pago,
    pedido_conocido.provincia_envio,
    pedido_conocido.campania_id,
    pedido_conocido.fecha_anulacion,
    pedido_conocido.anulacion
from venta_tocada
left join pedido_conocido
    on
        venta_tocada.cliente_id = pedido_conocido.cliente_id
        and venta_tocada.venta_id = pedido_conocido.venta_id;

analyze pedido;

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
    detalle_ventas.cantidad * detalle_ventas.precio_unitario - detalle_ventas.descuento as importe,
    dim_producto.categoria,
    detalle_ventas.cantidad * dim_producto.costo as costo,
    detalle_ventas.cantidad * (detalle_ventas.precio_unitario - dim_producto.costo)
    - detalle_ventas.descuento as margen,
    pedido.metodo_pago,
    pedido.provincia_envio,
    pedido.campania_id,
    pedido.fecha_anulacion,
    pedido.anulacion
from staging.detalle_ventas as detalle_ventas
inner join pedido
    on
        detalle_ventas.cliente_id = pedido.cliente_id
        and detalle_ventas.venta_id = pedido.venta_id
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
    metodo_pago = pedido.metodo_pago,
    provincia_envio = pedido.provincia_envio,
    campania_id = pedido.campania_id,
    fecha_anulacion = pedido.fecha_anulacion,
    anulacion = pedido.anulacion
from pedido
where
    hecho_ventas.cliente_id = pedido.cliente_id
    and hecho_ventas.venta_id = pedido.venta_id
    -- no line of these orders is older
    and hecho_ventas.fecha >= (select least(%(desde)s::date, min(primero.fecha_venta)) from pedido as primero)
    and (
        hecho_ventas.metodo_pago, hecho_ventas.provincia_envio, hecho_ventas.campania_id,
        hecho_ventas.fecha_anulacion, hecho_ventas.anulacion
    ) is distinct from (
        pedido.metodo_pago, pedido.provincia_envio, pedido.campania_id, pedido.fecha_anulacion, pedido.anulacion
    );
