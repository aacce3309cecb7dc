-- A customer's orders of the 365 days that end on the day, as known by then, and what came back of them.
-- Grain: one row per order, the newest first.
with devolucion as (
    select
        venta_id,
        sum(monto) as devuelto
    from dw.hecho_devoluciones
    where
        cliente_id = %(cliente_id)s
        and fecha > %(fecha)s::date - 365
        and fecha <= %(fecha)s::date
    group by venta_id
)

select
    linea.fecha,
    linea.venta_id,
    string_agg(
        trim_scale(linea.cantidad) || ' x ' || coalesce(dim_producto.nombre, linea.producto_id),
        ', ' order by linea.linea
    ) as productos,
    sum(linea.importe) as importe,
    min(devolucion.devuelto) as devuelto,
    min(linea.metodo_pago) as metodo_pago,
    coalesce(min(linea.anulacion) filter (where linea.fecha_anulacion <= %(fecha)s::date), 'completada') as estado
from dw.hecho_ventas as linea
left join dw.dim_producto as dim_producto
    on
        linea.producto_id = dim_producto.producto_id
        and dim_producto.vigente_desde <= %(fecha)s::date
        and dim_producto.vigente_hasta > %(fecha)s::date
left join devolucion
    on linea.venta_id = devolucion.venta_id
where
    linea.cliente_id = %(cliente_id)s
    and linea.fecha > %(fecha)s::date - 365
    and linea.fecha <= %(fecha)s::date
group by linea.fecha, linea.venta_id
order by linea.fecha desc, linea.venta_id desc
