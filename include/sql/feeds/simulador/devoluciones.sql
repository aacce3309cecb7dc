select
    _archivo,
    _linea,
    devolucion_id,
    fecha,
    cliente_id,
    venta_id,
    linea,
    producto_id,
    cantidad,
    monto
from crudo.devoluciones
