select
    _archivo,
    _linea,
    cuenta_id,
    fecha,
    tipo,
    moneda,
    sucursal,
    fecha_apertura,
    fecha_cierre,
    saldo_inicial
from crudo.cuentas
