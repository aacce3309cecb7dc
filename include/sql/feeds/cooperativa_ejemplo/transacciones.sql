-- A purchase by card is one movement, whatever its instalments.

select
    _archivo,
    _linea,
    cupon as transaccion_id,
    socio as cliente_id,
    tarjeta as tarjeta_id,
    importe as monto,
    cuotas,
    comercio,
    'compra_tarjeta' as tipo_transaccion,
    fecha(fecha, 'DD/MM/YYYY') as fecha
from crudo.compras
