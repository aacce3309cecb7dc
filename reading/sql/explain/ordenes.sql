-- The standing orders of a customer, and of accounts that the customer holds on the day, as last known by then.
-- Grain: one row per standing order. cliente_id is empty where only the account is named.
with ultima as (
    select distinct on (orden_id)
        cliente_id,
        orden_id,
        fecha,
        cuenta_id,
        contraparte,
        desde,
        hasta
    from dw.historia_ordenes_permanentes
    where
        fecha <= %(fecha)s::date
        and orden_id in (
            select orden.orden_id
            from dw.historia_ordenes_permanentes as orden
            where orden.cliente_id = %(cliente_id)s or orden.cuenta_id = any(%(cuentas)s::text[])
        )
    order by orden_id asc, fecha desc
)

select ultima.*
from ultima
where
    ultima.cliente_id = %(cliente_id)s
    or (ultima.cliente_id = '' and ultima.cuenta_id = any(%(cuentas)s::text[]))
order by ultima.orden_id
