-- A customer's bank movements of the 90 days that end on the day.
-- Grain: one row per movement, the newest first.
select
    fecha,
    tipo_transaccion,
    sentido,
    rubro,
    monto,
    venta_id
from dw.hecho_transacciones
where
    cliente_id = %(cliente_id)s
    and fecha > %(fecha)s::date - 90
    and fecha <= %(fecha)s::date
order by fecha desc, transaccion_id desc
