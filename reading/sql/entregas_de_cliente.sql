-- A customer's shipments of the 365 days that end on the day, as known by then.
-- Grain: one row per order and depot, the newest first.
select
    envio.fecha,
    envio.venta_id,
    envio.deposito,
    case when envio.promesa_conocida <= %(fecha)s::date then envio.fecha_prometida end as fecha_prometida,
    case when envio.entrega_conocida <= %(fecha)s::date then envio.fecha_entrega end as fecha_entrega,
    case
        when greatest(envio.entrega_conocida, envio.promesa_conocida) <= %(fecha)s::date
            then greatest(envio.fecha_entrega - envio.fecha_prometida, 0)
    end as dias_de_demora,
    case
        when envio.entrega_conocida <= %(fecha)s::date then 'entregado'
        when envio.fecha_cancelacion <= %(fecha)s::date then 'cancelado'
        when envio.despacho_conocido <= %(fecha)s::date then 'despachado'
        else 'preparacion'
    end as estado
from dw.hecho_envios as envio
where
    envio.cliente_id = %(cliente_id)s
    and envio.fecha > %(fecha)s::date - 365
    and envio.fecha <= %(fecha)s::date
order by envio.fecha desc, envio.venta_id desc, envio.deposito asc
