-- What was known by the day of the shipments to a customer that were delivered. Grain: one row per shipment and state.
select
    cliente_id,
    fecha,
    venta_id,
    deposito,
    estado,
    fecha_prometida,
    fecha_entrega
from dw.historia_envios
where
    cliente_id = %(cliente_id)s
    and fecha <= %(fecha)s::date
    and (venta_id, deposito) in (
        select
            entregado.venta_id,
            entregado.deposito
        from dw.historia_envios as entregado
        where
            entregado.cliente_id = %(cliente_id)s
            and entregado.estado = 'entregado'
            and entregado.fecha between %(desde_12m)s::date and %(fecha)s::date
    )
order by venta_id, deposito, fecha, estado
