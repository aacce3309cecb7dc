-- Bank and shop agree, to the cent: what an order pays with the bank's card is a compra_tarjeta of the same
-- customer, day and amount, and what it gets back on it a reintegro, by its kind or as the rubro of a transferencia.
-- Checks both ways, for the days that the run touched. An order without payments is paid by its own method, at once
-- and whole, and refunded when it is cancelled or returned, and for what comes back of it; without a method either,
-- nothing is known of it. Nor is anything of orders without a customer, such as those of people who were erased.

with pedido as (
    select
        cliente_id,
        venta_id,
        fecha_venta,
        min(metodo_pago) as metodo_pago,
        min(total + coalesce(cargo_envio, 0)) as total,
        min(fecha) filter (where dw.anula(estado)) as fecha_anulacion
    from dw.historia_ventas
    where
        (metodo_pago = 'tarjeta' or metodo_pago is null) and (cliente_id, venta_id) in (
            select
                tocada.cliente_id,
                tocada.venta_id
            from dw.historia_ventas as tocada
            where tocada.fecha = any(%(dias)s::date[])
            union
            select
                devuelta.cliente_id,
                devuelta.venta_id
            from dw.hecho_devoluciones as devuelta
            where devuelta.fecha = any(%(dias)s::date[])
        )
    group by cliente_id, venta_id, fecha_venta
),

con_pagos as (
    select distinct
        cliente_id,
        venta_id
    from dw.hecho_pagos
    where fecha >= (select min(pedido.fecha_venta) from pedido)
),

sin_pagos as (
    select pedido.*
    from pedido
    left join con_pagos
        on
            pedido.cliente_id = con_pagos.cliente_id
            and pedido.venta_id = con_pagos.venta_id
    where con_pagos.venta_id is null
),

tienda as (
    select
        case estado when 'aprobado' then 'compra_tarjeta' else 'reintegro' end as tipo,
        cliente_id,
        venta_id,
        fecha,
        sum(monto) as monto
    from dw.hecho_pagos
    where
        fecha = any(%(dias)s::date[])
        and metodo_pago = 'tarjeta'
        and estado <> 'rechazado'
        and monto > 0
    group by estado, cliente_id, venta_id, fecha
    union all
    select
        'compra_tarjeta' as tipo,
        cliente_id,
        venta_id,
        fecha_venta as fecha,
        total as monto
    from sin_pagos
    where fecha_venta = any(%(dias)s::date[]) and metodo_pago = 'tarjeta'
    union all
    select
        'reintegro' as tipo,
        cliente_id,
        venta_id,
        fecha_anulacion as fecha,
        total as monto
    from sin_pagos
    where fecha_anulacion = any(%(dias)s::date[]) and metodo_pago = 'tarjeta'
    union all
    select
        'reintegro' as tipo,
        devolucion.cliente_id,
        devolucion.venta_id,
        devolucion.fecha,
        sum(devolucion.monto) as monto
    from dw.hecho_devoluciones as devolucion
    inner join sin_pagos
        on
            devolucion.cliente_id = sin_pagos.cliente_id
            and devolucion.venta_id = sin_pagos.venta_id
    where devolucion.fecha = any(%(dias)s::date[]) and sin_pagos.metodo_pago = 'tarjeta'
    group by devolucion.cliente_id, devolucion.venta_id, devolucion.fecha
),

banco as (
    select
        cliente_id,
        venta_id,
        fecha,
        case tipo_transaccion when 'compra_tarjeta' then 'compra_tarjeta' else 'reintegro' end as tipo,
        sum(monto) as monto
    from dw.hecho_transacciones
    where
        fecha = any(%(dias)s::date[])
        and venta_id is not null
        and (
            tipo_transaccion in ('compra_tarjeta', 'reintegro')
            or (tipo_transaccion = 'transferencia' and rubro = 'reintegro')
        )
    group by tipo, cliente_id, venta_id, fecha
)

select
    count(*) as hallazgos,
    min(
        coalesce(tienda.tipo, banco.tipo) || ' of ' || coalesce(tienda.venta_id, banco.venta_id) || ' on '
        || coalesce(tienda.fecha, banco.fecha)
        || case
            when banco.monto is null then ', which the bank does not know'
            when tienda.monto is null then ', which the shop does not know'
            else ', the amounts differ'
        end
    ) as ejemplo
from tienda
full outer join banco
    on
        tienda.tipo = banco.tipo
        and tienda.cliente_id = banco.cliente_id
        and tienda.venta_id = banco.venta_id
        and tienda.fecha = banco.fecha
left join sin_pagos
    on
        banco.cliente_id = sin_pagos.cliente_id
        and banco.venta_id = sin_pagos.venta_id
        and sin_pagos.metodo_pago is null
where
    tienda.monto is distinct from banco.monto
    and sin_pagos.venta_id is null
    and coalesce(tienda.cliente_id, banco.cliente_id) <> '';
