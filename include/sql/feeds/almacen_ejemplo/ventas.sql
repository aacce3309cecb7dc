-- An order is a ticket; its total is the sum of its lines, each rounded to cents.

select
    ticket as venta_id,
    'efectivo' as metodo_pago,
    'Salta' as provincia_envio,
    'completada' as estado,
    min(_archivo) as _archivo,
    min(_linea) as _linea,
    min(fecha(fecha, 'DD/MM/YYYY')) as fecha,
    min(fecha(fecha, 'DD/MM/YYYY')) as fecha_venta,
    min(cliente) as cliente_id,
    sum(round(numero(cantidad, ',') * numero(precio, ','), 2) - numero(descuento, ',')) as total
from crudo.tickets
group by ticket
