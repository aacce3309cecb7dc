-- Kilos, litres and grams are quantities as they are, and so are prices of one.

select
    _archivo,
    _linea,
    ticket as venta_id,
    cliente as cliente_id,
    articulo as producto_id,
    cantidad,
    precio as precio_unitario,
    descuento,
    row_number() over (partition by ticket order by _archivo, _linea) as linea,
    fecha(fecha, 'DD/MM/YYYY') as fecha
from crudo.tickets
