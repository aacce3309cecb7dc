-- Every order of the days that the run touched is of nobody that is known or of somebody who is a customer on its day,
-- and no line is dated before fecha_alta of its product.

with cliente as (
    select
        cliente_id,
        range_agg(dw.dias_de_cliente(vigente_desde, vigente_hasta, fecha_alta, fecha_baja)) as dias
    from dw.dim_cliente
    group by cliente_id
),

producto as (
    select
        producto_id,
        min(fecha_alta) as desde
    from dw.dim_producto
    group by producto_id
)

select
    count(*) as hallazgos,
    min(
        hecho_ventas.venta_id || ' of ' || hecho_ventas.fecha
        || case
            when cliente.cliente_id is null and hecho_ventas.cliente_id <> '' then ', whose customer is unknown'
            when (cliente.dias @> hecho_ventas.fecha) is not true and hecho_ventas.cliente_id <> ''
                then ', a day on which its buyer is no customer'
            when producto.producto_id is null then ', whose product ' || hecho_ventas.producto_id || ' is unknown'
            else ', before its product ' || hecho_ventas.producto_id || ' was on sale on ' || producto.desde
        end
    ) as ejemplo
from dw.hecho_ventas as hecho_ventas
left join cliente
    on hecho_ventas.cliente_id = cliente.cliente_id
left join producto
    on hecho_ventas.producto_id = producto.producto_id
where
    hecho_ventas.fecha = any(%(dias)s::date[])
    and (
        ((cliente.dias @> hecho_ventas.fecha) is not true and hecho_ventas.cliente_id <> '')
        or producto.producto_id is null
        or hecho_ventas.fecha < producto.desde
    );
