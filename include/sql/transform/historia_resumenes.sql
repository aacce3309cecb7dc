-- dw.historia_resumenes: what became known of each statement, version by version.
-- Grain: one row per statement and day on which something else became known of it. Input: the days of staging.resumenes
-- from desde to hasta that wait there. A day that is delivered again replaces what it delivered before.

delete from dw.historia_resumenes as historia
using control.cargas as dia
where
    dia.entidad = 'resumenes'
    and dia.capa = 'staging'
    and historia.fecha = dia.fecha
    and historia.fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.historia_resumenes (
    cliente_id, resumen_id, fecha, tarjeta_id, fecha_cierre, fecha_vencimiento, total, minimo, pagado, pagado_el
)
select
    cliente_id,
    resumen_id,
    fecha,
    tarjeta_id,
    fecha_cierre,
    fecha_vencimiento,
    total,
    minimo,
    pagado,
    pagado_el
from staging.resumenes
where fecha between %(desde)s::date and %(hasta)s::date;
