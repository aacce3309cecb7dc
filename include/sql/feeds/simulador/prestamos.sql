select
    _archivo,
    _linea,
    prestamo_id,
    fecha,
    cliente_id,
    cuenta_id,
    moneda,
    fecha_otorgamiento,
    monto,
    tasa,
    plazo,
    estado,
    saldo
from crudo.prestamos
