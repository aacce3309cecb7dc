select
    _archivo,
    _linea,
    producto as producto_id,
    alta as fecha,
    alta as fecha_alta,
    rubro as categoria,
    precio
from crudo.productos
union all
(
    select
        _archivo,
        _linea,
        'sin_detalle' as producto_id,
        dia as fecha,
        dia as fecha_alta,
        'sin_detalle' as categoria,
        '1' as precio
    from crudo.pedidos
    order by dia, _archivo, _linea
    limit 1
)
