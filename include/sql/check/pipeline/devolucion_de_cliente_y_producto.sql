-- Every return of the days that the run touched refers to a customer and a product that are known, where it names them,
-- and comes no earlier than its order, where that is known.

with cliente as (
    select distinct cliente_id
    from dw.dim_cliente
),

producto as (
    select distinct producto_id
    from dw.dim_producto
),

pedido as (
    select
        venta_id,
        cliente_id,
        min(fecha_venta) as fecha_venta
    from dw.historia_ventas
    where
        (cliente_id, venta_id) in (
            select
                hecho_devoluciones.cliente_id,
                hecho_devoluciones.venta_id
            from dw.hecho_devoluciones as hecho_devoluciones
            where hecho_devoluciones.fecha = any(%(dias)s::date[])
        )
    group by venta_id, cliente_id
)

select
    count(*) as hallazgos,
    min(
        'a return of ' || devolucion.fecha
        || case
            when devolucion.fecha < pedido.fecha_venta then ', before its order ' || devolucion.venta_id
            when producto.producto_id is null and devolucion.producto_id is not null
                then ', whose product ' || devolucion.producto_id || ' is unknown'
            else ', whose customer is unknown'
        end
    ) as ejemplo
from dw.hecho_devoluciones as devolucion
left join cliente
    on devolucion.cliente_id = cliente.cliente_id
left join producto
    on devolucion.producto_id = producto.producto_id
left join pedido
    on
        devolucion.cliente_id = pedido.cliente_id
        and devolucion.venta_id = pedido.venta_id
where
    devolucion.fecha = any(%(dias)s::date[])
    and (
        devolucion.fecha < pedido.fecha_venta
        or (producto.producto_id is null and devolucion.producto_id is not null)
        or (cliente.cliente_id is null and devolucion.cliente_id <> '')
    );
