-- dw.hecho_pedidos, an accumulating fact: an order as a whole, with the days on which it reached each step.
-- Grain: one row per order, of which a state or a line is known.
-- Inputs: pedido_tocado, of this transaction, and dw.hecho_ventas, which has just been filled.

delete from dw.hecho_pedidos as hecho_pedidos
using pedido_tocado
where
    hecho_pedidos.cliente_id = pedido_tocado.cliente_id
    and hecho_pedidos.venta_id = pedido_tocado.venta_id;

insert into dw.hecho_pedidos (
    cliente_id, venta_id, fecha, metodo_pago, provincia_envio, campania_id, canal, sucursal, vendedor, cargo_envio,
    lineas, importe, fecha_aprobada, fecha_facturada, fecha_despachada, fecha_entregada, fecha_anulacion, anulacion,
    momento, momento_aprobada, momento_facturada, momento_despachada, momento_entregada
)
with linea as (
    select
        hecho_ventas.cliente_id,
        hecho_ventas.venta_id,
        min(hecho_ventas.fecha) as fecha,
        count(*) as lineas,
        sum(hecho_ventas.importe) as importe
    from dw.hecho_ventas as hecho_ventas
    inner join pedido_tocado
        on
            hecho_ventas.cliente_id = pedido_tocado.cliente_id
            and hecho_ventas.venta_id = pedido_tocado.venta_id
    -- no line of these orders is older
    where
        hecho_ventas.fecha >= (
            select least(%(desde)s::date, min(primero.fecha_venta)) from pedido_tocado as primero
        )
    group by hecho_ventas.cliente_id, hecho_ventas.venta_id
)

select
    pedido_tocado.cliente_id,
    pedido_tocado.venta_id,
    coalesce(linea.fecha, pedido_tocado.fecha_venta) as fecha,
    pedido_tocado.metodo_pago,
    pedido_tocado.provincia_envio,
    pedido_tocado.campania_id,
    pedido_tocado.canal,
    pedido_tocado.sucursal,
    pedido_tocado.vendedor,
    pedido_tocado.cargo_envio,
    coalesce(linea.lineas, 0) as lineas,
    linea.importe,
    pedido_tocado.fecha_aprobada,
    pedido_tocado.fecha_facturada,
    pedido_tocado.fecha_despachada,
    pedido_tocado.fecha_entregada,
    pedido_tocado.fecha_anulacion,
    pedido_tocado.anulacion,
    pedido_tocado.momento,
    pedido_tocado.momento_aprobada,
    pedido_tocado.momento_facturada,
    pedido_tocado.momento_despachada,
    pedido_tocado.momento_entregada
from pedido_tocado
left join linea
    on
        pedido_tocado.cliente_id = linea.cliente_id
        and pedido_tocado.venta_id = linea.venta_id
where pedido_tocado.es_conocido or linea.venta_id is not null;

select control.analyze_grown('dw.hecho_pedidos');
