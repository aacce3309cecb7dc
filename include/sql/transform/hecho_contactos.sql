-- dw.hecho_contactos, partitioned by month.
-- Grain: one row per customer and campaign.
-- Input: the days of staging.contactos_campania from desde to hasta that wait there.
-- A day that is delivered again replaces what it delivered before. Days that another run has moved on are left alone.

delete from dw.hecho_contactos as hecho_contactos
using control.cargas as dia
where
    dia.entidad = 'contactos_campania'
    and dia.capa = 'staging'
    and hecho_contactos.fecha = dia.fecha
    and hecho_contactos.fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.hecho_contactos (cliente_id, fecha, campania_id, grupo)
select
    cliente_id,
    fecha,
    campania_id,
    grupo
from staging.contactos_campania
where fecha between %(desde)s::date and %(hasta)s::date;
