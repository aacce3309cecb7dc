-- The lines of a customer's orders of the 365 days that count on the day. Grain: one row per line.
select
    cliente_id,
    fecha,
    venta_id,
    linea,
    producto_id,
    categoria,
    cantidad,
    precio_unitario,
    descuento,
    importe
from dw.hecho_ventas
where
    cliente_id = %(cliente_id)s
    and fecha between %(desde_12m)s::date and %(fecha)s::date
    and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
order by fecha, venta_id, linea
