-- dw.hecho_envios, partitioned by month, an accumulating fact; and dw.historia_envios, the states of shipments as
-- delivered.
-- Grain: one row per shipment, an order from a depot.
-- Inputs: the days of staging.envios from desde to hasta that wait there, dw.historia_ventas.
-- A day that is delivered again replaces what it delivered before. A shipment is derived from all its states, so the
-- order in which days arrive does not matter.

create temporary table dia_pendiente on commit drop as
select fecha
from control.cargas
where entidad = 'envios' and capa = 'staging' and fecha between %(desde)s::date and %(hasta)s::date;

-- also shipments that are to go elsewhere, because of what has become known or was taken back of their orders
create temporary table envio_tocado on commit drop as
select
    envios.cliente_id,
    envios.venta_id
from staging.envios as envios
where envios.fecha between %(desde)s::date and %(hasta)s::date
union
select
    historia_envios.cliente_id,
    historia_envios.venta_id
from dw.historia_envios as historia_envios
inner join dia_pendiente
    on historia_envios.fecha = dia_pendiente.fecha
where historia_envios.fecha between %(desde)s::date and %(hasta)s::date
union
select
    hecho_envios.cliente_id,
    hecho_envios.venta_id
from dw.hecho_envios as hecho_envios
left join
    lateral (
        select historia_ventas.provincia_envio
        from dw.historia_ventas as historia_ventas
        where
            historia_ventas.cliente_id = hecho_envios.cliente_id
            and historia_ventas.venta_id = hecho_envios.venta_id
        order by historia_ventas.fecha, historia_ventas.estado <> 'completada', historia_ventas.estado
        limit 1
    ) as destino
    on true
where
    hecho_envios.fecha >= %(desde)s::date
    and hecho_envios.provincia_envio is distinct from destino.provincia_envio;

analyze envio_tocado;

delete from dw.hecho_envios as hecho_envios
using envio_tocado
where
    hecho_envios.cliente_id = envio_tocado.cliente_id
    and hecho_envios.venta_id = envio_tocado.venta_id
    and hecho_envios.fecha >= (
        select min(historia_envios.fecha)
        from dw.historia_envios as historia_envios
        inner join envio_tocado as tocado
            on
                historia_envios.cliente_id = tocado.cliente_id
                and historia_envios.venta_id = tocado.venta_id
    );

delete from dw.historia_envios as historia_envios
using dia_pendiente
where
    historia_envios.fecha = dia_pendiente.fecha
    and historia_envios.fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.historia_envios (
    cliente_id, venta_id, fecha, deposito, estado, fecha_despacho, fecha_prometida, fecha_entrega, costo_envio
)
select
    cliente_id,
    venta_id,
    fecha,
    deposito,
    estado,
    fecha_despacho,
    fecha_prometida,
    fecha_entrega,
    costo_envio
from staging.envios
where fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.hecho_envios (
    cliente_id, fecha, venta_id, deposito, provincia_envio, fecha_prometida, costo_envio,
    fecha_despacho, fecha_entrega, entrega_conocida, fecha_cancelacion
)
with envio as (
    select
        historia_envios.cliente_id,
        historia_envios.venta_id,
        historia_envios.deposito,
        min(historia_envios.fecha) as fecha,
        (array_agg(historia_envios.fecha_prometida order by historia_envios.fecha, historia_envios.estado))[1]
            as fecha_prometida,
        (array_agg(historia_envios.costo_envio order by historia_envios.fecha, historia_envios.estado))[1]
            as costo_envio,
        min(historia_envios.fecha_despacho) as fecha_despacho,
        (
            array_agg(historia_envios.fecha_entrega order by historia_envios.fecha)
            filter (where historia_envios.estado = 'entregado')
        )[1] as fecha_entrega,
        min(historia_envios.fecha) filter (where historia_envios.estado = 'entregado') as entrega_conocida,
        min(historia_envios.fecha) filter (where historia_envios.estado = 'cancelado') as fecha_cancelacion
    from dw.historia_envios as historia_envios
    inner join envio_tocado
        on
            historia_envios.cliente_id = envio_tocado.cliente_id
            and historia_envios.venta_id = envio_tocado.venta_id
    group by historia_envios.cliente_id, historia_envios.venta_id, historia_envios.deposito
),

destino as (
    select distinct on (historia_ventas.cliente_id, historia_ventas.venta_id)
        historia_ventas.cliente_id,
        historia_ventas.venta_id,
        historia_ventas.provincia_envio
    from dw.historia_ventas as historia_ventas
    inner join envio_tocado
        on
            historia_ventas.cliente_id = envio_tocado.cliente_id
            and historia_ventas.venta_id = envio_tocado.venta_id
    order by
        historia_ventas.cliente_id asc,
        historia_ventas.venta_id asc,
        historia_ventas.fecha asc,
        historia_ventas.estado <> 'completada' asc,
        historia_ventas.estado asc
)

select
    envio.cliente_id,
    envio.fecha,
    envio.venta_id,
    envio.deposito,
    destino.provincia_envio,
    envio.fecha_prometida,
    envio.costo_envio,
    envio.fecha_despacho,
    envio.fecha_entrega,
    envio.entrega_conocida,
    envio.fecha_cancelacion
from envio
left join destino
    on
        envio.cliente_id = destino.cliente_id
        and envio.venta_id = destino.venta_id;
