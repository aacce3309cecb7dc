-- The bank movements of some months that are a customer's: those that name the customer and, of those that name only an
-- account, the ones of accounts of which a part is the customer's on the last day of their month.
-- Grain: one row per movement. The part is null of those that name the customer.
with parte as materialized (
    select
        cuenta_id,
        desde,
        hasta,
        participacion,
        de,
        array_to_string(otras, ' ') as otras
    from dw.titularidad
    where cliente_id = %(cliente_id)s and participacion > 0
)

select
    cliente_id,
    fecha,
    transaccion_id,
    tipo_transaccion,
    sentido,
    rubro,
    monto,
    tarjeta_id,
    cuenta_id,
    null::numeric as participacion,
    null::numeric as de,
    null as otras
from dw.hecho_transacciones
where
    cliente_id = %(cliente_id)s
    and fecha between %(desde)s::date and %(hasta)s::date
union all
select
    movimiento.cliente_id,
    movimiento.fecha,
    movimiento.transaccion_id,
    movimiento.tipo_transaccion,
    movimiento.sentido,
    movimiento.rubro,
    movimiento.monto,
    movimiento.tarjeta_id,
    movimiento.cuenta_id,
    parte.participacion,
    parte.de,
    parte.otras
from parte
inner join dw.hecho_transacciones as movimiento
    on
        parte.cuenta_id = movimiento.cuenta_id
        and dw.vigente(parte.desde, parte.hasta, dw.ultimo_dia(movimiento.fecha))
where
    movimiento.cliente_id = ''
    and movimiento.fecha between %(desde)s::date and %(hasta)s::date
order by fecha, transaccion_id
