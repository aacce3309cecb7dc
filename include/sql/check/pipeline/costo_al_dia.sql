-- The lines of the days that the run touched carry the category and cost of the product's version valid on their day.

select
    count(*) as hallazgos,
    min(hecho_ventas.venta_id || ' of ' || hecho_ventas.fecha || ', line ' || hecho_ventas.linea) as ejemplo
from dw.hecho_ventas as hecho_ventas
left join dw.dim_producto as dim_producto
    on
        hecho_ventas.producto_id = dim_producto.producto_id
        and dw.vigente(dim_producto.vigente_desde, dim_producto.vigente_hasta, hecho_ventas.fecha)
where
    hecho_ventas.fecha = any(%(dias)s::date[])
    and (
        hecho_ventas.categoria is distinct from dim_producto.categoria
        or hecho_ventas.costo is distinct from dw.valor(hecho_ventas.cantidad, dim_producto.costo)
        or hecho_ventas.margen is distinct from hecho_ventas.importe - hecho_ventas.costo
    );
