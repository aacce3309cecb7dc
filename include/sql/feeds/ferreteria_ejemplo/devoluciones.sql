-- The lines of credit notes, whose units and amounts are negative. One without an article gives back an amount only.
-- The invoice that a note names may be older than the files.

select
    _archivo,
    _linea,
    aplica_a as venta_id,
    articulo as producto_id,
    comprobante || ':' || _linea as devolucion_id,
    fecha(fecha, 'DD/MM/YYYY') as fecha,
    nullif(cliente, 'MOSTRADOR') as cliente_id,
    ltrim(unidades, '-') as cantidad,
    ltrim(importe, '-') as monto
from crudo.comprobantes
where tipo <> 'FA'
