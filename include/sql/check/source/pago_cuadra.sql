-- What an order is paid, less what is refunded, is what is charged for it, less what came back: never more, nor, 30
-- days after the order, less; and no more is refunded than was paid. Checks the orders of which something became
-- known on the days that the run touched, or that were 30 days old then. Those without payments are not compared,
-- and of those that were cancelled or returned it is not asked whether all was refunded.

with pedido as (
    select
        cliente_id,
        venta_id,
        min(fecha_venta) as fecha_venta,
        min(total + coalesce(cargo_envio, 0)) as cobrado,
        count(*) filter (where dw.anula(estado)) as anulaciones
    from dw.historia_ventas
    where
        (cliente_id, venta_id) in (
            select
                tocada.cliente_id,
                tocada.venta_id
            from dw.historia_ventas as tocada
            where tocada.fecha = any(%(dias)s::date[])
            union
            select
                vencida.cliente_id,
                vencida.venta_id
            from unnest(%(dias)s::date[]) as dias (dia)
            inner join dw.historia_ventas as vencida
                on dias.dia - 30 = vencida.fecha
            union
            select
                pagada.cliente_id,
                pagada.venta_id
            from dw.hecho_pagos as pagada
            where pagada.fecha = any(%(dias)s::date[])
            union
            select
                devuelta.cliente_id,
                devuelta.venta_id
            from dw.hecho_devoluciones as devuelta
            where devuelta.fecha = any(%(dias)s::date[])
        )
    group by cliente_id, venta_id
),

pago as (
    select
        cliente_id,
        venta_id,
        coalesce(sum(monto) filter (where estado = 'aprobado'), 0) as pagado,
        coalesce(sum(monto) filter (where estado = 'reembolsado'), 0) as reembolsado
    from dw.hecho_pagos
    where
        fecha between (select min(pedido.fecha_venta) from pedido) and %(fecha)s::date
        and estado <> 'rechazado'
    group by cliente_id, venta_id
),

devolucion as (
    select
        cliente_id,
        venta_id,
        sum(monto) as devuelto
    from dw.hecho_devoluciones
    where fecha between (select min(pedido.fecha_venta) from pedido) and %(fecha)s::date
    group by cliente_id, venta_id
),

hallazgo as (
    select
        pedido.venta_id || ' of ' || pedido.fecha_venta
        || case
            when pago.reembolsado > pago.pagado then ', more refunded than paid'
            when pago.pagado - pago.reembolsado > pedido.cobrado then ', more paid than charged'
            when
                pedido.anulaciones = 0
                and pedido.fecha_venta <= %(fecha)s::date - 30
                and pago.pagado - pago.reembolsado < pedido.cobrado - coalesce(devolucion.devuelto, 0)
                then ', less paid than charged'
        end as que
    from pedido
    inner join pago
        on
            pedido.cliente_id = pago.cliente_id
            and pedido.venta_id = pago.venta_id
    left join devolucion
        on
            pedido.cliente_id = devolucion.cliente_id
            and pedido.venta_id = devolucion.venta_id
)

select
    count(que) as hallazgos,
    min(que) as ejemplo
from hallazgo;
