-- dw.historia_envios: the states of shipments as delivered.
-- Grain: one row per shipment, day and state. Input: the days of staging.envios from desde to hasta that wait there.
-- A day that is delivered again replaces what it delivered before. Leaves the shipments that these days touch, and the
-- first day on which they were known before, in envio_tocado, for hecho_envios in the same transaction.

create temporary table envio_tocado on commit drop as
select
    tocado.cliente_id,
    tocado.venta_id,
    min(tocado.fecha) as fecha
from (
    select
        cliente_id,
        venta_id,
        fecha
    from staging.envios
    where fecha between %(desde)s::date and %(hasta)s::date
    union all
    select
        historia_envios.cliente_id,
        historia_envios.venta_id,
        historia_envios.fecha
    from dw.historia_envios as historia_envios
    inner join control.cargas as dia
        on historia_envios.fecha = dia.fecha
    where
        dia.entidad = 'envios'
        and dia.capa = 'staging'
        and historia_envios.fecha between %(desde)s::date and %(hasta)s::date
) as tocado
group by tocado.cliente_id, tocado.venta_id;

analyze envio_tocado;

delete from dw.historia_envios as historia_envios
using control.cargas as dia
where
    dia.entidad = 'envios'
    and dia.capa = 'staging'
    and historia_envios.fecha = dia.fecha
    and historia_envios.fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.historia_envios (
    cliente_id, venta_id, fecha, deposito, estado, fecha_despacho, fecha_prometida, fecha_entrega, costo_envio,
    momento_despacho, momento_entrega
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
    costo_envio,
    momento_despacho,
    momento_entrega
from staging.envios
where fecha between %(desde)s::date and %(hasta)s::date;
