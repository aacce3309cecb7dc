with compra as (select cliente_id, sum(importe) as monto from dw.hecho_ventas group by cliente_id)

select compra.cliente_id, primera.fecha, (select max(mayor.monto) from compra as mayor) as mayor
from compra
left join lateral (
    select distinct on (venta.cliente_id) venta.fecha
    from dw.hecho_ventas as venta
    where venta.cliente_id = compra.cliente_id
    order by venta.cliente_id, venta.fecha
) as primera on true;
