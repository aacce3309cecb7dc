-- dw.historia_cuotas: what became known of each instalment, version by version.
-- Grain: one row per instalment and day on which something else became known of it. Input: the days of staging.cuotas
-- from desde to hasta that wait there. A day that is delivered again replaces what it delivered before.

delete from dw.historia_cuotas as historia
using control.cargas as dia
where
    dia.entidad = 'cuotas'
    and dia.capa = 'staging'
    and historia.fecha = dia.fecha
    and historia.fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.historia_cuotas (
    cliente_id, cuota_id, fecha, prestamo_id, numero, vencimiento, monto, capital, pagado_el
)
select
    cliente_id,
    cuota_id,
    fecha,
    prestamo_id,
    numero,
    vencimiento,
    monto,
    capital,
    pagado_el
from staging.cuotas
where fecha between %(desde)s::date and %(hasta)s::date;
