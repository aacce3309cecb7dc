select
    _archivo,
    _linea,
    orden as venta_id,
    dia as fecha,
    dia as fecha_venta,
    cliente as cliente_id,
    'efectivo' as metodo_pago,
    'Salta' as provincia_envio,
    'completada' as estado,
    importe as total
from crudo.pedidos
