-- The lines of an order carry the day on which it became known as cancelled or returned. Checks the orders of which
-- something became known on the days that the run touched.

with tocada as (
    select
        cliente_id,
        venta_id,
        fecha_venta
    from dw.historia_ventas
    where fecha = any(%(dias)s::date[])
    union
    select
        cliente_id,
        venta_id,
        fecha as fecha_venta
    from dw.hecho_ventas
    where fecha = any(%(dias)s::date[])
),

pedido as (
    select
        tocada.cliente_id,
        tocada.venta_id,
        min(tocada.fecha_venta) as fecha_venta,
        min(historia_ventas.fecha) filter (where historia_ventas.estado in ('cancelada', 'devuelta')) as fecha_anulacion
    from tocada
    left join dw.historia_ventas as historia_ventas
        on
            tocada.cliente_id = historia_ventas.cliente_id
            and tocada.venta_id = historia_ventas.venta_id
    group by tocada.cliente_id, tocada.venta_id
)

select
    count(*) as hallazgos,
    min(hecho_ventas.venta_id || ' of ' || hecho_ventas.fecha || ', line ' || hecho_ventas.linea) as ejemplo
from pedido
inner join dw.hecho_ventas as hecho_ventas
    on
        pedido.cliente_id = hecho_ventas.cliente_id
        and pedido.venta_id = hecho_ventas.venta_id
where
    hecho_ventas.fecha >= (select min(pedida.fecha_venta) from pedido as pedida)
    and pedido.fecha_anulacion is distinct from hecho_ventas.fecha_anulacion;
