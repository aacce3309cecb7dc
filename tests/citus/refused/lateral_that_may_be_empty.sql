select cliente.cliente_id, primera.fecha
from dw.dim_cliente as cliente
left join lateral (
    select distinct on (venta.cliente_id) venta.fecha
    from dw.hecho_ventas as venta
    where venta.cliente_id = cliente.cliente_id and 'ventas' = any(%(entidades)s::text[])
    order by venta.cliente_id, venta.fecha
) as primera on true;
