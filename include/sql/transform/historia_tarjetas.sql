-- dw.historia_tarjetas: what became known of each card, version by version.
-- Grain: one row per card and day on which something else became known of it. Input: the days of staging.tarjetas
-- from desde to hasta that wait there. A day that is delivered again replaces what it delivered before.

delete from dw.historia_tarjetas as historia
using control.cargas as dia
where
    dia.entidad = 'tarjetas'
    and dia.capa = 'staging'
    and historia.fecha = dia.fecha
    and historia.fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.historia_tarjetas (
    cliente_id, tarjeta_id, fecha, cuenta_id, moneda, limite, dia_cierre, dia_vencimiento, fecha_alta, fecha_baja
)
select
    cliente_id,
    tarjeta_id,
    fecha,
    cuenta_id,
    moneda,
    limite,
    dia_cierre,
    dia_vencimiento,
    fecha_alta,
    fecha_baja
from staging.tarjetas
where fecha between %(desde)s::date and %(hasta)s::date;
