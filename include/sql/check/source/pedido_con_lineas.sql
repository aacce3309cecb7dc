-- Every order has lines, without which it counts in no figure. Checks the orders of which something became known on the
-- days that the run touched, cancelled and returned ones too.

with pedido as (
    select
        cliente_id,
        venta_id,
        min(fecha_venta) as fecha_venta
    from dw.historia_ventas
    where fecha = any(%(dias)s::date[])
    group by cliente_id, venta_id
),

con_lineas as (
    select distinct
        cliente_id,
        venta_id
    from dw.hecho_ventas
    where fecha >= (select min(pedido.fecha_venta) from pedido)
)

select
    count(*) as hallazgos,
    min(pedido.venta_id || ' of ' || pedido.fecha_venta || ', an order without any line') as ejemplo
from pedido
left join con_lineas
    on
        pedido.cliente_id = con_lineas.cliente_id
        and pedido.venta_id = con_lineas.venta_id
where con_lineas.venta_id is null;
