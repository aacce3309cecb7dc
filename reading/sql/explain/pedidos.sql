-- A customer's orders that count on the day, since the beginning of the history. Grain: one row per order with lines.
select
    cliente_id,
    fecha,
    venta_id,
    lineas,
    importe,
    fecha_anulacion
from dw.hecho_pedidos
where
    cliente_id = %(cliente_id)s
    and fecha between %(inicio)s::date and %(fecha)s::date
    and lineas > 0
    and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
order by fecha, venta_id
