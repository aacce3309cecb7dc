-- dw.historia_prestamos: what became known of each loan, version by version.
-- Grain: one row per loan and day on which something else became known of it. Input: the days of staging.prestamos
-- from desde to hasta that wait there. A day that is delivered again replaces what it delivered before.

delete from dw.historia_prestamos as historia
using control.cargas as dia
where
    dia.entidad = 'prestamos'
    and dia.capa = 'staging'
    and historia.fecha = dia.fecha
    and historia.fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.historia_prestamos (
    cliente_id, prestamo_id, fecha, cuenta_id, moneda, fecha_otorgamiento, monto, tasa, plazo, estado, saldo
)
select
    cliente_id,
    prestamo_id,
    fecha,
    cuenta_id,
    moneda,
    fecha_otorgamiento,
    monto,
    tasa,
    plazo,
    estado,
    saldo
from staging.prestamos
where fecha between %(desde)s::date and %(hasta)s::date;
