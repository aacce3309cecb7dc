-- Bank and shop agree, to the cent: an order paid with the bank's card is a compra_tarjeta of the same customer, day
-- and amount, and its cancellation or return a transferencia (reintegro). Checks both ways, for the days that the run
-- touched.

with pedido as (
    select
        cliente_id,
        venta_id,
        fecha_venta,
        min(total) as total,
        min(fecha) filter (where estado <> 'completada') as fecha_anulacion
    from dw.historia_ventas
    where
        metodo_pago = 'tarjeta' and (cliente_id, venta_id) in (
            select
                tocada.cliente_id,
                tocada.venta_id
            from dw.historia_ventas as tocada
            where tocada.fecha = any(%(dias)s::date[])
        )
    group by cliente_id, venta_id, fecha_venta
),

tienda as (
    select
        'compra_tarjeta' as tipo,
        cliente_id,
        venta_id,
        fecha_venta as fecha,
        total as monto
    from pedido
    where fecha_venta = any(%(dias)s::date[])
    union all
    select
        'transferencia' as tipo,
        cliente_id,
        venta_id,
        fecha_anulacion as fecha,
        total as monto
    from pedido
    where fecha_anulacion = any(%(dias)s::date[])
),

banco as (
    select
        tipo_transaccion as tipo,
        cliente_id,
        venta_id,
        fecha,
        sum(monto) as monto
    from dw.hecho_transacciones
    where
        fecha = any(%(dias)s::date[])
        and venta_id is not null
        and (tipo_transaccion = 'compra_tarjeta' or (tipo_transaccion = 'transferencia' and rubro = 'reintegro'))
    group by tipo_transaccion, cliente_id, venta_id, fecha
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
where tienda.monto is distinct from banco.monto;
