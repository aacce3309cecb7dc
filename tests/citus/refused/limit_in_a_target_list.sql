create temporary table pedido_tocado (cliente_id text, venta_id text) on commit drop;

select
    pedido_tocado.cliente_id,
    (
        select estado.provincia_envio
        from dw.historia_ventas as estado
        where estado.cliente_id = pedido_tocado.cliente_id and estado.venta_id = pedido_tocado.venta_id
        order by estado.fecha
        limit 1
    ) as provincia_envio
from pedido_tocado;
