select
    _archivo,
    _linea,
    sku as producto_id,
    _fecha as fecha,
    rubro as categoria,
    precio,
    min(_fecha) over (partition by sku) as fecha_alta
from crudo.precios
