-- dw.historia_ordenes_permanentes: what became known of each standing order, version by version.
-- Grain: one row per standing order and day on which something else became known of it. Input: the days of
-- staging.ordenes_permanentes from desde to hasta that wait there. A day that is delivered again replaces what it
-- delivered before.

delete from dw.historia_ordenes_permanentes as historia
using control.cargas as dia
where
    dia.entidad = 'ordenes_permanentes'
    and dia.capa = 'staging'
    and historia.fecha = dia.fecha
    and historia.fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.historia_ordenes_permanentes (
    cliente_id, orden_id, fecha, cuenta_id, monto, contraparte, rubro, desde, hasta
)
select
    cliente_id,
    orden_id,
    fecha,
    cuenta_id,
    monto,
    contraparte,
    rubro,
    desde,
    hasta
from staging.ordenes_permanentes
where fecha between %(desde)s::date and %(hasta)s::date;
