-- Every shipment belongs to an order, is dispatched no earlier than it exists and delivered no earlier than it is
-- dispatched. Checks the shipments that began, or became known as delivered, on the days that the run touched.

with envio as (
    select
        venta_id,
        deposito,
        provincia_envio,
        fecha,
        fecha_despacho,
        fecha_entrega
    from dw.hecho_envios
    where fecha = any(%(dias)s::date[])
    union all
    select
        venta_id,
        deposito,
        provincia_envio,
        fecha,
        fecha_despacho,
        fecha_entrega
    from dw.hecho_envios
    where entrega_conocida = any(%(dias)s::date[]) and not fecha = any(%(dias)s::date[])
)

select
    count(*) as hallazgos,
    min(venta_id || ' from ' || deposito) as ejemplo
from envio
where
    provincia_envio is null
    or fecha_despacho < fecha
    or fecha_entrega < fecha_despacho
    or (fecha_entrega is not null and fecha_despacho is null);
