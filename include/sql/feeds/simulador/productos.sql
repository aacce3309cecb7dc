select
    _archivo,
    _linea,
    producto_id,
    fecha,
    nombre,
    categoria,
    precio,
    costo,
    fecha_alta
from crudo.productos
