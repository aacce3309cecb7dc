-- dw.hecho_ventas, partitioned by month, an accumulating fact; and dw.historia_ventas, the states of orders as
-- delivered.
-- Grain: one row per line of an order.
-- Inputs: the days of staging.ventas and staging.detalle_ventas from desde to hasta that wait there, dw.dim_producto.
-- A day that is delivered again replaces what it delivered before. What is known of an order (who ships where,
-- whether and when it was cancelled or returned) is derived from all its states, so the order in which days arrive
-- does not matter.

create temporary table dia_pendiente on commit drop as
select
    entidad,
    fecha
from control.cargas
where
    entidad in ('ventas', 'detalle_ventas')
    and capa = 'staging'
    and fecha between %(desde)s::date and %(hasta)s::date;

create temporary table venta_tocada on commit drop as
select
    ventas.cliente_id,
    ventas.venta_id
from staging.ventas as ventas
where ventas.fecha between %(desde)s::date and %(hasta)s::date
union
select
    detalle_ventas.cliente_id,
    detalle_ventas.venta_id
from staging.detalle_ventas as detalle_ventas
where detalle_ventas.fecha between %(desde)s::date and %(hasta)s::date
union
select
    historia_ventas.cliente_id,
    historia_ventas.venta_id
from dw.historia_ventas as historia_ventas
inner join dia_pendiente
    on historia_ventas.fecha = dia_pendiente.fecha
where dia_pendiente.entidad = 'ventas' and historia_ventas.fecha between %(desde)s::date and %(hasta)s::date;

analyze venta_tocada;

-- no line of the touched orders is older
create temporary table limite on commit drop as
select
    least(
        %(desde)s::date,
        min(historia_ventas.fecha_venta),
        (
            select min(ventas.fecha_venta)
            from staging.ventas as ventas
            where ventas.fecha between %(desde)s::date and %(hasta)s::date
        )
    ) as fecha
from dw.historia_ventas as historia_ventas
inner join venta_tocada
    on
        historia_ventas.cliente_id = venta_tocada.cliente_id
        and historia_ventas.venta_id = venta_tocada.venta_id;

delete from dw.historia_ventas as historia_ventas
using dia_pendiente
where
    dia_pendiente.entidad = 'ventas'
    and historia_ventas.fecha = dia_pendiente.fecha
    and historia_ventas.fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.historia_ventas (
    cliente_id, venta_id, fecha, fecha_venta, metodo_pago, provincia_envio, campania_id, estado, total
)
select
    cliente_id,
    venta_id,
    fecha,
    fecha_venta,
    metodo_pago,
    provincia_envio,
    campania_id,
    estado,
    total
from staging.ventas
where fecha between %(desde)s::date and %(hasta)s::date;

create temporary table pedido on commit drop as
with estado_conocido as (
    select
        venta_tocada.cliente_id,
        venta_tocada.venta_id,
        historia_ventas.metodo_pago,
        historia_ventas.provincia_envio,
        historia_ventas.campania_id,
        historia_ventas.estado,
        historia_ventas.fecha,
        row_number() over (
            partition by venta_tocada.cliente_id, venta_tocada.venta_id
            order by historia_ventas.fecha, historia_ventas.estado <> 'completada', historia_ventas.estado
        ) as orden
    from venta_tocada
    left join dw.historia_ventas as historia_ventas
        on
            venta_tocada.cliente_id = historia_ventas.cliente_id
            and venta_tocada.venta_id = historia_ventas.venta_id
)

select
    cliente_id,
    venta_id,
    max(metodo_pago) filter (where orden = 1) as metodo_pago,
    max(provincia_envio) filter (where orden = 1) as provincia_envio,
    max(campania_id) filter (where orden = 1) as campania_id,
    min(fecha) filter (where estado <> 'completada') as fecha_anulacion,
    (array_agg(estado order by orden) filter (where estado <> 'completada'))[1] as anulacion
from estado_conocido
group by cliente_id, venta_id;

analyze pedido;

delete from dw.hecho_ventas as hecho_ventas
using dia_pendiente
where
    dia_pendiente.entidad = 'detalle_ventas'
    and hecho_ventas.fecha = dia_pendiente.fecha
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

-- the lines that were there before: what has become known of their orders...
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
    and hecho_ventas.fecha >= (select limite.fecha from limite)
    and (
        hecho_ventas.metodo_pago, hecho_ventas.provincia_envio, hecho_ventas.campania_id,
        hecho_ventas.fecha_anulacion, hecho_ventas.anulacion
    ) is distinct from (
        pedido.metodo_pago, pedido.provincia_envio, pedido.campania_id, pedido.fecha_anulacion, pedido.anulacion
    );

-- ...and, from the first day on which a version of a product can have changed, what they cost
with linea_valorada as (
    select
        hecho_ventas.cliente_id,
        hecho_ventas.fecha,
        hecho_ventas.venta_id,
        hecho_ventas.linea,
        dim_producto.categoria,
        hecho_ventas.cantidad * dim_producto.costo as costo
    from dw.hecho_ventas as hecho_ventas
    left join dia_pendiente
        on hecho_ventas.fecha = dia_pendiente.fecha and dia_pendiente.entidad = 'detalle_ventas'
    left join dw.dim_producto as dim_producto
        on
            hecho_ventas.producto_id = dim_producto.producto_id
            and hecho_ventas.fecha >= dim_producto.vigente_desde
            and hecho_ventas.fecha < dim_producto.vigente_hasta
    where
        hecho_ventas.fecha >= %(desde)s::date
        and dia_pendiente.fecha is null
        and (hecho_ventas.categoria, hecho_ventas.costo)
        is distinct from (dim_producto.categoria, hecho_ventas.cantidad * dim_producto.costo)
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
