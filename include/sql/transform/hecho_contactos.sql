-- dw.hecho_contactos, partitioned by month.
-- Grain: one row per customer and campaign.
-- Input: the days of staging.contactos_campania from desde to hasta that wait there.
-- A day that is delivered again replaces what it delivered before. Days that another run has moved on are left alone.

select pg_advisory_xact_lock_shared(hashtext('client360 world'));

select pg_advisory_xact_lock(360, extract(year from mes)::integer * 12 + extract(month from mes)::integer)
from generate_series(date_trunc('month', %(desde)s::timestamp), %(hasta)s::timestamp, interval '1 month') as mes;

delete from dw.hecho_contactos as hecho_contactos
using control.cargas as cargas
where
    cargas.entidad = 'contactos_campania'
    and cargas.capa = 'staging'
    and hecho_contactos.fecha = cargas.fecha
    and hecho_contactos.fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.hecho_contactos (cliente_id, fecha, campania_id, grupo)
select
    cliente_id,
    fecha,
    campania_id,
    grupo
from staging.contactos_campania
where fecha between %(desde)s::date and %(hasta)s::date;

delete from staging.contactos_campania
where fecha between %(desde)s::date and %(hasta)s::date;

with integrada as (
    update control.cargas
    set
        capa = 'dw',
        capa_alcanzada = 'dw'
    where
        entidad = 'contactos_campania'
        and capa = 'staging'
        and fecha between %(desde)s::date and %(hasta)s::date
    returning filas
)

select coalesce(sum(filas), 0)::bigint as filas from integrada;
