select
    _archivo,
    _linea,
    _fecha as fecha,
    movimiento as transaccion_id,
    cuenta as cuenta_id,
    sentido,
    tipo as tipo_transaccion,
    importe as monto,
    moneda
from crudo.movimientos
