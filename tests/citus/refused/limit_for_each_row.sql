select comprador.cliente_id, primera.fecha
from (select distinct cliente_id from dw.hecho_ventas limit 10) as comprador
cross join lateral (
    select venta.fecha
    from dw.hecho_ventas as venta
    where venta.cliente_id = comprador.cliente_id
    order by venta.fecha
    limit 1
) as primera;
