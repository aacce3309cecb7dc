-- dw.hecho_transacciones, partitioned by month.
-- Grain: one row per bank movement. Input: the days of staging.transacciones from desde to hasta that wait there.
-- A day that is delivered again replaces what it delivered before. Days that another run has moved on are left alone.

select pg_advisory_xact_lock_shared(hashtext('client360 world'));

select pg_advisory_xact_lock(360, extract(year from mes)::integer * 12 + extract(month from mes)::integer)
from generate_series(date_trunc('month', %(desde)s::timestamp), %(hasta)s::timestamp, interval '1 month') as mes;

delete from dw.hecho_transacciones as hecho_transacciones
using control.cargas as cargas
where
    cargas.entidad = 'transacciones'
    and cargas.capa = 'staging'
    and hecho_transacciones.fecha = cargas.fecha
    and hecho_transacciones.fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.hecho_transacciones (
    cliente_id, fecha, transaccion_id, tipo_transaccion, monto, rubro, venta_id
)
select
    cliente_id,
    fecha,
    transaccion_id,
    tipo_transaccion,
    monto,
    rubro,
    venta_id
from staging.transacciones
where fecha between %(desde)s::date and %(hasta)s::date;

delete from staging.transacciones
where fecha between %(desde)s::date and %(hasta)s::date;

with integrada as (
    update control.cargas
    set
        capa = 'dw',
        capa_alcanzada = case when capa_alcanzada = 'mart' then 'mart' else 'dw' end
    where
        entidad = 'transacciones'
        and capa = 'staging'
        and fecha between %(desde)s::date and %(hasta)s::date
    returning filas
)

select coalesce(sum(filas), 0)::bigint as filas from integrada;
