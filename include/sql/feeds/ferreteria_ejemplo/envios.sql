-- A delivery that was made is one row: nothing was promised, and of its way only the day on which it left is known.

select
    fletes._archivo,
    fletes._linea,
    fletes.comprobante as venta_id,
    'local' as deposito,
    'entregado' as estado,
    fletes.pagado as costo_envio,
    fecha(fletes.entrega, 'DD/MM/YYYY') as fecha,
    fecha(fletes.entrega, 'DD/MM/YYYY') as fecha_entrega,
    fecha(fletes.salida, 'DD/MM/YYYY') as fecha_despacho,
    (
        select min(comprobantes.cliente)
        from crudo.comprobantes as comprobantes
        where comprobantes.comprobante = fletes.comprobante
    ) as cliente_id
from crudo.fletes as fletes
