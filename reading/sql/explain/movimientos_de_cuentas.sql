-- The movements by the day of some accounts, whoever made them, that change what is in them.
-- Grain: one row per movement.
select
    cliente_id,
    fecha,
    transaccion_id,
    cuenta_id,
    tipo_transaccion,
    sentido,
    monto,
    monto_original,
    moneda,
    tarjeta_id
from dw.hecho_transacciones
where
    cuenta_id = any(%(cuentas)s::text[])
    and fecha <= %(fecha)s::date
    and (tarjeta_id is null or tipo_transaccion = 'pago_tarjeta')
order by cuenta_id, fecha, transaccion_id
