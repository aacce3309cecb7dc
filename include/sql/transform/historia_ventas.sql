-- dw.historia_ventas: the states of orders as delivered.
-- Grain: one row per order, day and state. Input: the days of staging.ventas from desde to hasta that wait there.
-- A day that is delivered again replaces what it delivered before. Leaves the orders that these days touch, or touched
-- before, or those of detalle_ventas, in venta_tocada, for the other files of the same transaction.

create temporary table venta_tocada on commit drop as
select
    tocada.cliente_id,
    tocada.venta_id,
    min(tocada.fecha_venta) as fecha_venta
from (
    select
        cliente_id,
        venta_id,
        fecha_venta
    from staging.ventas
    where fecha between %(desde)s::date and %(hasta)s::date
    union all
    select
        cliente_id,
        venta_id,
        null as fecha_venta
    from staging.detalle_ventas
    where fecha between %(desde)s::date and %(hasta)s::date
    union all
    select
        historia_ventas.cliente_id,
        historia_ventas.venta_id,
        historia_ventas.fecha_venta
    from dw.historia_ventas as historia_ventas
    inner join control.cargas as dia
        on historia_ventas.fecha = dia.fecha
    where
        dia.entidad = 'ventas'
        and dia.capa = 'staging'
        and historia_ventas.fecha between %(desde)s::date and %(hasta)s::date
    union all
    select
        hecho_ventas.cliente_id,
        hecho_ventas.venta_id,
        hecho_ventas.fecha as fecha_venta
    from dw.hecho_ventas as hecho_ventas
    inner join control.cargas as dia
        on hecho_ventas.fecha = dia.fecha
    where
        dia.entidad = 'detalle_ventas'
        and dia.capa = 'staging'
        and hecho_ventas.fecha between %(desde)s::date and %(hasta)s::date
) as tocada
group by tocada.cliente_id, tocada.venta_id;

analyze venta_tocada;

delete from dw.historia_ventas as historia_ventas
using control.cargas as dia
where
    dia.entidad = 'ventas'
    and dia.capa = 'staging'
    and historia_ventas.fecha = dia.fecha
    and historia_ventas.fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.historia_ventas (
    cliente_id, venta_id, fecha, fecha_venta, metodo_pago, provincia_envio, campania_id, estado, total, momento,
    canal, sucursal, vendedor, cargo_envio
)
select
    cliente_id,
    venta_id,
    fecha,
    fecha_venta,
    metodo_pago,
    provincia_envio,
    campania_id,
    estado,
    total,
    momento,
    canal,
    sucursal,
    vendedor,
    cargo_envio
from staging.ventas
where fecha between %(desde)s::date and %(hasta)s::date;
