-- dw.hecho_saldos, partitioned by month.
-- Grain: one row per account and day. Input: the days of staging.saldos from desde to hasta that wait there.
-- A day that is delivered again replaces what it delivered before. Days that another run has moved on are left alone.

delete from dw.hecho_saldos as hecho_saldos
using control.cargas as dia
where
    dia.entidad = 'saldos'
    and dia.capa = 'staging'
    and hecho_saldos.fecha = dia.fecha
    and hecho_saldos.fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.hecho_saldos (cuenta_id, fecha, saldo)
select
    cuenta_id,
    fecha,
    saldo
from staging.saldos
where fecha between %(desde)s::date and %(hasta)s::date;
