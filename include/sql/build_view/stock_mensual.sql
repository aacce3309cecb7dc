-- mart.stock_mensual.
-- Grain: one row per product, depot and month with movements. Input: dw.hecho_stock.
-- Only the months from desde to hasta, those the run has touched, are computed again, each whole.

select pg_advisory_xact_lock_shared(hashtext('client360 world'));

select pg_advisory_xact_lock(360, extract(year from mes)::integer * 12 + extract(month from mes)::integer)
from generate_series(date_trunc('month', %(desde)s::timestamp), %(hasta)s::timestamp, interval '1 month') as mes;

delete from mart.stock_mensual
where mes between date_trunc('month', %(desde)s::timestamp)::date and %(hasta)s::date;

insert into mart.stock_mensual (producto_id, deposito, mes, cambio, unidades_vendidas, unidades_dia)
select
    producto_id,
    deposito,
    date_trunc('month', fecha::timestamp)::date as mes,
    sum(cantidad) as cambio,
    coalesce(-sum(cantidad) filter (where tipo = 'venta'), 0) as unidades_vendidas,
    sum(
        cantidad * ((date_trunc('month', fecha::timestamp) + interval '1 month')::date - fecha)
    ) as unidades_dia
from dw.hecho_stock
where
    fecha >= date_trunc('month', %(desde)s::timestamp)::date
    and fecha < (date_trunc('month', %(hasta)s::timestamp) + interval '1 month')::date
group by producto_id, deposito, date_trunc('month', fecha::timestamp)::date;

-- also days that another run has meanwhile loaded again: what they delivered before is in the sums
update control.cargas
set
    capa = case when capa = 'dw' then 'mart' else capa end,
    capa_alcanzada = 'mart'
where
    entidad = 'movimientos_stock'
    and 'dw' in (capa, capa_alcanzada)
    and fecha between date_trunc('month', %(desde)s::timestamp)::date
    and (date_trunc('month', %(hasta)s::timestamp) + interval '1 month' - interval '1 day')::date;

select count(*) as filas
from mart.stock_mensual
where mes between date_trunc('month', %(desde)s::timestamp)::date and %(hasta)s::date;
