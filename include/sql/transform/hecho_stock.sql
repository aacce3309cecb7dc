-- dw.hecho_stock, partitioned by month.
-- Grain: one row per stock movement.
-- Input: the days of staging.movimientos_stock from desde to hasta that wait there.
-- A day that is delivered again replaces what it delivered before. Days that another run has moved on are left alone.

select pg_advisory_xact_lock_shared(hashtext('client360 world'));

select pg_advisory_xact_lock(360, extract(year from mes)::integer * 12 + extract(month from mes)::integer)
from generate_series(date_trunc('month', %(desde)s::timestamp), %(hasta)s::timestamp, interval '1 month') as mes;

delete from dw.hecho_stock as hecho_stock
using control.cargas as cargas
where
    cargas.entidad = 'movimientos_stock'
    and cargas.capa = 'staging'
    and hecho_stock.fecha = cargas.fecha
    and hecho_stock.fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.hecho_stock (producto_id, fecha, movimiento_id, deposito, tipo, cantidad, costo_unitario)
select
    producto_id,
    fecha,
    movimiento_id,
    deposito,
    tipo,
    cantidad,
    costo_unitario
from staging.movimientos_stock
where fecha between %(desde)s::date and %(hasta)s::date;

delete from staging.movimientos_stock
where fecha between %(desde)s::date and %(hasta)s::date;

with integrada as (
    update control.cargas
    set
        capa = 'dw',
        capa_alcanzada = case when capa_alcanzada = 'mart' then 'mart' else 'dw' end
    where
        entidad = 'movimientos_stock'
        and capa = 'staging'
        and fecha between %(desde)s::date and %(hasta)s::date
    returning filas
)

select coalesce(sum(filas), 0)::bigint as filas from integrada;
