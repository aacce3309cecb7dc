-- The loans of a customer, and of accounts that the customer holds on the day, as last known by then.
-- Grain: one row per loan. cliente_id is empty where only the account is named.
with ultima as (
    select distinct on (prestamo_id)
        cliente_id,
        prestamo_id,
        fecha,
        cuenta_id,
        moneda,
        fecha_otorgamiento,
        estado,
        saldo
    from dw.historia_prestamos
    where
        fecha <= %(fecha)s::date
        and prestamo_id in (
            select prestamo.prestamo_id
            from dw.historia_prestamos as prestamo
            where prestamo.cliente_id = %(cliente_id)s or prestamo.cuenta_id = any(%(cuentas)s::text[])
        )
    order by prestamo_id asc, fecha desc
)

select ultima.*
from ultima
where
    ultima.cliente_id = %(cliente_id)s
    or (ultima.cliente_id = '' and ultima.cuenta_id = any(%(cuentas)s::text[]))
order by ultima.prestamo_id
