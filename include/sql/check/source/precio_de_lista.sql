-- No unit is sold at five times its list price of the day or more, nor at a fifth of it or less, but for a gift. Checks
-- the lines of the days that the run touched.

select
    count(*) as hallazgos,
    min('line ' || venta.linea || ' of ' || venta.venta_id || ', of ' || venta.fecha) as ejemplo
from dw.hecho_ventas as venta
inner join dw.dim_producto as producto
    on
        venta.producto_id = producto.producto_id
        and dw.vigente(producto.vigente_desde, producto.vigente_hasta, venta.fecha)
where
    venta.fecha = any(%(dias)s::date[])
    and dw.es_otro_precio(venta.precio_unitario, producto.precio);
