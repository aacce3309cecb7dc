select
    _archivo,
    _linea,
    pedido as venta_id,
    1 as linea,
    cliente as cliente_id,
    'A1' as producto_id,
    1 as cantidad,
    importe as precio_unitario,
    0 as descuento,
    fecha_de(creado) as fecha
from crudo.pedidos
