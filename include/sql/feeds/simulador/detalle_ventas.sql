select
    _archivo,
    _linea,
    venta_id,
    linea,
    fecha,
    cliente_id,
    producto_id,
    cantidad,
    precio_unitario,
    descuento
from crudo.detalle_ventas
