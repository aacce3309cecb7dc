create temporary table tocado on commit drop as select cliente_id from dw.dim_cliente;

select tocado.cliente_id, primera.fecha
from tocado
left join lateral (
    select distinct on (venta.cliente_id) venta.fecha
    from dw.hecho_ventas as venta
    where venta.cliente_id = tocado.cliente_id
    order by venta.cliente_id, venta.fecha
) as primera on true;
