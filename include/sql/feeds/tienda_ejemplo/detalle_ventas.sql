-- The lines of an order are numbered as they stand in the file; their day and customer are those of the order.

select
    detalle_ordenes._archivo,
    detalle_ordenes._linea,
    detalle_ordenes.ordenid as venta_id,
    ordenes.usuarioid as cliente_id,
    detalle_ordenes.productoid as producto_id,
    detalle_ordenes.cantidad,
    detalle_ordenes.preciounitario as precio_unitario,
    0 as descuento,
    row_number() over (
        partition by detalle_ordenes._archivo, detalle_ordenes.ordenid order by detalle_ordenes._linea
    ) as linea,
    fecha(ordenes.fechaorden, 'DD/MM/YYYY HH24:MI') as fecha
from crudo.detalle_ordenes as detalle_ordenes
left join crudo.ordenes as ordenes
    on detalle_ordenes.ordenid = ordenes.ordenid
