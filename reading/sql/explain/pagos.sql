-- The payments of a customer's orders in the 365 days. Grain: one row per payment and state.
select
    cliente_id,
    fecha,
    pago_id,
    estado,
    venta_id,
    metodo_pago,
    monto
from dw.hecho_pagos
where
    cliente_id = %(cliente_id)s
    and fecha between %(desde_12m)s::date and %(fecha)s::date
order by fecha, pago_id, estado
