-- What came back, in the 365 days, of a customer's orders that count on the day. Grain: one row per return.
select
    cliente_id,
    fecha,
    devolucion_id,
    venta_id,
    linea,
    producto_id,
    categoria,
    monto
from dw.hecho_devoluciones
where
    cliente_id = %(cliente_id)s
    and fecha between %(desde_12m)s::date and %(fecha)s::date
    and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
order by fecha, devolucion_id
