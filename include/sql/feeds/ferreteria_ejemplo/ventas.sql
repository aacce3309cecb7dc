-- An order is an invoice. Over the counter there is no customer, and nothing is charged for what is collected. How it
-- is paid, the receipts say.

select
    comprobantes.comprobante as venta_id,
    'Salta' as provincia_envio,
    'completada' as estado,
    case when bool_and(comprobantes.cliente = 'MOSTRADOR') then 'mostrador' else 'telefono' end as canal,
    min(comprobantes._archivo) as _archivo,
    min(comprobantes._linea) as _linea,
    min(fecha(comprobantes.fecha, 'DD/MM/YYYY')) as fecha,
    min(fecha(comprobantes.fecha, 'DD/MM/YYYY')) as fecha_venta,
    min(nullif(comprobantes.cliente, 'MOSTRADOR')) as cliente_id,
    sum(numero(comprobantes.importe, ',')) as total,
    min(fletes.cobrado) as cargo_envio
from crudo.comprobantes as comprobantes
left join crudo.fletes as fletes on comprobantes.comprobante = fletes.comprobante
where comprobantes.tipo = 'FA'
group by comprobantes.comprobante
