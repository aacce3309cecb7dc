-- dw.hecho_envios, partitioned by month, an accumulating fact.
-- Grain: one row per shipment, an order from a depot.
-- Inputs: envio_tocado, which historia_envios has left in the same transaction, dw.historia_envios, dw.hecho_pedidos.
-- A shipment is derived from all its states, so the order in which days arrive does not matter.

-- historia_envios has just filled it
select control.analyze_grown('dw.historia_envios');

-- also the shipments that go elsewhere, because of what has become known, or was taken back, of their orders
insert into envio_tocado (cliente_id, venta_id, fecha)
select distinct
    hecho_envios.cliente_id,
    hecho_envios.venta_id,
    %(desde)s::date as fecha
from dw.hecho_envios as hecho_envios
left join dw.hecho_pedidos as pedido
    on
        hecho_envios.cliente_id = pedido.cliente_id
        and hecho_envios.venta_id = pedido.venta_id
left join envio_tocado
    on
        hecho_envios.cliente_id = envio_tocado.cliente_id
        and hecho_envios.venta_id = envio_tocado.venta_id
where
    hecho_envios.fecha >= %(desde)s::date
    and (hecho_envios.provincia_envio, hecho_envios.fecha_venta, hecho_envios.momento_venta)
    is distinct from (pedido.provincia_envio, pedido.fecha, pedido.momento)
    and envio_tocado.venta_id is null;

analyze envio_tocado;

delete from dw.hecho_envios as hecho_envios
using envio_tocado
where
    hecho_envios.cliente_id = envio_tocado.cliente_id
    and hecho_envios.venta_id = envio_tocado.venta_id
    -- none of them is older
    and hecho_envios.fecha >= (
        select least(min(tocado.fecha), min(historia_envios.fecha))
        from envio_tocado as tocado
        left join dw.historia_envios as historia_envios
            on
                tocado.cliente_id = historia_envios.cliente_id
                and tocado.venta_id = historia_envios.venta_id
    );

insert into dw.hecho_envios (
    cliente_id, fecha, venta_id, deposito, provincia_envio, fecha_prometida, costo_envio,
    fecha_despacho, fecha_entrega, entrega_conocida, fecha_cancelacion, momento_despacho, momento_entrega, fecha_venta,
    momento_venta, promesa_conocida, costo_conocido, despacho_conocido
)
with envio as (
    select
        historia_envios.cliente_id,
        historia_envios.venta_id,
        historia_envios.deposito,
        min(historia_envios.fecha) as fecha,
        (
            array_agg(historia_envios.fecha_prometida order by historia_envios.fecha, historia_envios.estado)
            filter (where historia_envios.fecha_prometida is not null)
        )[1] as fecha_prometida,
        (
            array_agg(historia_envios.costo_envio order by historia_envios.fecha, historia_envios.estado)
            filter (where historia_envios.costo_envio is not null)
        )[1] as costo_envio,
        min(historia_envios.fecha) filter (where historia_envios.fecha_prometida is not null) as promesa_conocida,
        min(historia_envios.fecha) filter (where historia_envios.costo_envio is not null) as costo_conocido,
        min(historia_envios.fecha_despacho) as fecha_despacho,
        min(historia_envios.fecha) filter (where historia_envios.fecha_despacho is not null) as despacho_conocido,
        (
            array_agg(historia_envios.fecha_entrega order by historia_envios.fecha)
            filter (where historia_envios.estado = 'entregado')
        )[1] as fecha_entrega,
        min(historia_envios.fecha) filter (where historia_envios.estado = 'entregado') as entrega_conocida,
        min(historia_envios.fecha) filter (where historia_envios.estado = 'cancelado') as fecha_cancelacion,
        -- nulls come last: of the day of dispatch, and known if any state says it
        (
            array_agg(
                historia_envios.momento_despacho
                order by historia_envios.fecha_despacho, historia_envios.momento_despacho
            )
        )[1] as momento_despacho,
        (
            array_agg(historia_envios.momento_entrega order by historia_envios.fecha)
            filter (where historia_envios.estado = 'entregado')
        )[1] as momento_entrega
    from dw.historia_envios as historia_envios
    inner join envio_tocado
        on
            historia_envios.cliente_id = envio_tocado.cliente_id
            and historia_envios.venta_id = envio_tocado.venta_id
    group by historia_envios.cliente_id, historia_envios.venta_id, historia_envios.deposito
)

select
    envio.cliente_id,
    envio.fecha,
    envio.venta_id,
    envio.deposito,
    pedido.provincia_envio,
    envio.fecha_prometida,
    envio.costo_envio,
    envio.fecha_despacho,
    envio.fecha_entrega,
    envio.entrega_conocida,
    envio.fecha_cancelacion,
    envio.momento_despacho,
    envio.momento_entrega,
    pedido.fecha as fecha_venta,
    pedido.momento as momento_venta,
    envio.promesa_conocida,
    envio.costo_conocido,
    envio.despacho_conocido
from envio
left join dw.hecho_pedidos as pedido
    on
        envio.cliente_id = pedido.cliente_id
        and envio.venta_id = pedido.venta_id;
