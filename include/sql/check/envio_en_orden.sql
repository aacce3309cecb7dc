-- No shipment is dispatched before it exists or delivered before it is dispatched, and each belongs to an order. Of
-- the shipments that began, or became known as delivered, on the days that the run touched.

select
    count(*) as hallazgos,
    min(venta_id || ' from ' || deposito) as ejemplo
from dw.hecho_envios
where
    (fecha = any(%(dias)s::date[]) or entrega_conocida = any(%(dias)s::date[]))
    and (
        provincia_envio is null
        or fecha_despacho < fecha
        or fecha_entrega < fecha_despacho
        or (fecha_entrega is not null and fecha_despacho is null)
    );
