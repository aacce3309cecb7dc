select
    _archivo,
    _linea,
    articulo as producto_id,
    'almacen' as categoria,
    precio,
    date '2025-01-01' as fecha,
    date '2025-01-01' as fecha_alta
from crudo.articulos
