select
    _archivo,
    _linea,
    pedido as venta_id,
    cliente as cliente_id,
    'efectivo' as metodo_pago,
    'Salta' as provincia_envio,
    'completada' as estado,
    importe as total,
    creado as momento,
    fecha_de(creado) as fecha,
    fecha_de(creado) as fecha_venta
from crudo.pedidos
