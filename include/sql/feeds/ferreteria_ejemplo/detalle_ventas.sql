-- The lines of invoices.

select
    _archivo,
    _linea,
    comprobante as venta_id,
    articulo as producto_id,
    unidades as cantidad,
    precio as precio_unitario,
    '0' as descuento,
    row_number() over (partition by comprobante order by _archivo, _linea) as linea,
    fecha(fecha, 'DD/MM/YYYY') as fecha,
    nullif(cliente, 'MOSTRADOR') as cliente_id
from crudo.comprobantes
where tipo = 'FA'
