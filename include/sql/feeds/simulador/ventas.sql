select
    _archivo,
    _linea,
    venta_id,
    fecha,
    fecha_venta,
    cliente_id,
    metodo_pago,
    provincia_envio,
    campania_id,
    estado,
    total,
    momento,
    canal,
    sucursal,
    vendedor,
    cargo_envio
from crudo.ventas
