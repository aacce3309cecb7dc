-- What is not noted of an article is not known.

select
    _archivo,
    _linea,
    codigo as producto_id,
    descripcion as nombre,
    rubro as categoria,
    precio,
    costo,
    date '2025-03-01' as fecha,
    date '2025-03-01' as fecha_alta
from crudo.articulos
