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
    min(
        venta_id || ' from ' || deposito
        || case
            when provincia_envio is null then ', which belongs to no order'
            when fecha_despacho < fecha then ', dispatched on ' || fecha_despacho || ', before it began on ' || fecha
            when fecha_despacho is null then ', delivered on ' || fecha_entrega || ' without a day of dispatch'
            else ', delivered on ' || fecha_entrega || ', before its dispatch on ' || fecha_despacho
        end
    ) as ejemplo
from envio
where
    provincia_envio is null
    or fecha_despacho < fecha
    or fecha_entrega < fecha_despacho
    or (fecha_entrega is not null and fecha_despacho is null);
