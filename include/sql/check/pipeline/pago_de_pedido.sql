-- Every payment of the days that the run touched is of an order of the same customer, and no earlier than it.

with pedido as (
    select
        cliente_id,
        venta_id,
        min(fecha_venta) as fecha_venta
    from dw.historia_ventas
    where
        (cliente_id, venta_id) in (
            select
                hecho_pagos.cliente_id,
                hecho_pagos.venta_id
            from dw.hecho_pagos as hecho_pagos
            where hecho_pagos.fecha = any(%(dias)s::date[])
        )
    group by cliente_id, venta_id
)

select
    count(*) as hallazgos,
    min(
        'a payment of ' || pago.venta_id || ' on ' || pago.fecha
        || case when pedido.fecha_venta is null then ', an order that is unknown' else ', before the order' end
    ) as ejemplo
from dw.hecho_pagos as pago
left join pedido
    on
        pago.cliente_id = pedido.cliente_id
        and pago.venta_id = pedido.venta_id
where
    pago.fecha = any(%(dias)s::date[])
    and (pedido.fecha_venta is null or pago.fecha < pedido.fecha_venta);
