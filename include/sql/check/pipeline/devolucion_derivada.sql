-- The returns of the days that the run touched, and those of orders of which something became known on these days,
-- carry the category and cost of the product's version valid on their day, and the day on which their order became
-- known as cancelled or returned.

with tocada as (
    select
        cliente_id,
        venta_id,
        min(fecha_venta) as fecha_venta
    from dw.historia_ventas
    where fecha = any(%(dias)s::date[])
    group by cliente_id, venta_id
),

devolucion as (
    select
        hecho_devoluciones.*,
        tocada.venta_id is not null as de_pedido_tocado
    from dw.hecho_devoluciones as hecho_devoluciones
    left join tocada
        on
            hecho_devoluciones.cliente_id = tocada.cliente_id
            and hecho_devoluciones.venta_id = tocada.venta_id
    where hecho_devoluciones.fecha >= (
        select least(min(dia), (select min(tocada.fecha_venta) from tocada))
        from unnest(%(dias)s::date[]) as dia
    )
),

anulado as (
    select
        cliente_id,
        venta_id,
        min(fecha) as fecha
    from dw.historia_ventas
    where
        estado in ('cancelada', 'devuelta')
        and (cliente_id, venta_id) in (
            select
                devolucion.cliente_id,
                devolucion.venta_id
            from devolucion
        )
    group by cliente_id, venta_id
)

select
    count(*) as hallazgos,
    min('a return of ' || devolucion.fecha || coalesce(' of ' || devolucion.venta_id, '')) as ejemplo
from devolucion
left join anulado
    on
        devolucion.cliente_id = anulado.cliente_id
        and devolucion.venta_id = anulado.venta_id
left join dw.dim_producto as dim_producto
    on
        devolucion.producto_id = dim_producto.producto_id
        and dw.vigente(dim_producto.vigente_desde, dim_producto.vigente_hasta, devolucion.fecha)
where
    (devolucion.de_pedido_tocado or devolucion.fecha = any(%(dias)s::date[]))
    and (
        devolucion.categoria is distinct from dim_producto.categoria
        or devolucion.costo
        is distinct from case
            when devolucion.cantidad is null then 0 else dw.valor(devolucion.cantidad, dim_producto.costo)
        end
        or devolucion.fecha_anulacion is distinct from anulado.fecha
    );
