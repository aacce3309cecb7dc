select
    _archivo,
    _linea,
    movimiento_id,
    fecha,
    producto_id,
    deposito,
    tipo,
    cantidad,
    costo_unitario
from crudo.movimientos_stock
