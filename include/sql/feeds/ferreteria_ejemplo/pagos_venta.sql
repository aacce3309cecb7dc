-- A receipt is a payment, or a refund where its amount is negative.

select
    cobros._archivo,
    cobros._linea,
    cobros.recibo as pago_id,
    cobros.comprobante as venta_id,
    cobros.cuotas,
    fecha(cobros.fecha, 'DD/MM/YYYY') as fecha,
    case cobros.medio
        when 'Tarjeta' then 'otra_tarjeta'
        when 'Efectivo' then 'efectivo'
        when 'Transferencia' then 'transferencia'
        else cobros.medio
    end as metodo_pago,
    ltrim(cobros.importe, '-') as monto,
    case
        when cobros.resultado = 'RECHAZADO' then 'rechazado'
        when cobros.importe like '-%' then 'reembolsado'
        else 'aprobado'
    end as estado,
    (
        select min(nullif(comprobantes.cliente, 'MOSTRADOR'))
        from crudo.comprobantes as comprobantes
        where comprobantes.comprobante = cobros.comprobante
    ) as cliente_id
from crudo.cobros as cobros
