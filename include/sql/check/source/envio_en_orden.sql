-- Every shipment belongs to an order, is dispatched no earlier than its order was made and delivered no earlier than it
-- is dispatched, or than its order was made. Checks the shipments that began, or became known as delivered, on the days
-- that the run touched.

with envio as (
    select
        venta_id,
        deposito,
        provincia_envio,
        fecha_venta,
        fecha_despacho,
        fecha_entrega
    from dw.hecho_envios
    where fecha = any(%(dias)s::date[])
    union all
    select
        venta_id,
        deposito,
        provincia_envio,
        fecha_venta,
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
            when fecha_despacho < fecha_venta
                then ', dispatched on ' || fecha_despacho || ', before its order of ' || fecha_venta
            when fecha_entrega < fecha_venta
                then ', delivered on ' || fecha_entrega || ', before its order of ' || fecha_venta
            else ', delivered on ' || fecha_entrega || ', before its dispatch on ' || fecha_despacho
        end
    ) as ejemplo
from envio
where
    provincia_envio is null
    or fecha_despacho < fecha_venta
    or fecha_entrega < fecha_venta
    or fecha_entrega < fecha_despacho;
