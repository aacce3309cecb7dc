-- What came back, by weight too.

select
    _archivo,
    _linea,
    nro as devolucion_id,
    cliente as cliente_id,
    ticket as venta_id,
    articulo as producto_id,
    cantidad,
    importe as monto,
    fecha(fecha, 'DD/MM/YYYY') as fecha
from crudo.devoluciones
