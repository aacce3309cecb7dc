select
    _archivo,
    _linea,
    venta_id,
    fecha,
    cliente_id,
    deposito,
    estado,
    fecha_despacho,
    fecha_prometida,
    fecha_entrega,
    costo_envio,
    momento_despacho,
    momento_entrega
from crudo.envios
