select
    _archivo,
    _linea,
    transaccion_id,
    fecha,
    cliente_id,
    tipo_transaccion,
    monto,
    rubro,
    venta_id
from crudo.transacciones
