-- mart.gasto_mensual, partitioned by month.
-- Grain: one row per customer and month with movements. Input: dw.hecho_transacciones.
-- Only the months from desde to hasta, those the run has touched, are computed again, each whole.

select pg_advisory_xact_lock_shared(hashtext('client360 world'));

select pg_advisory_xact_lock(360, extract(year from mes)::integer * 12 + extract(month from mes)::integer)
from generate_series(date_trunc('month', %(desde)s::timestamp), %(hasta)s::timestamp, interval '1 month') as mes;

delete from mart.gasto_mensual
where mes between date_trunc('month', %(desde)s::timestamp)::date and %(hasta)s::date;

insert into mart.gasto_mensual (
    cliente_id,
    mes,
    ingresos,
    aguinaldo,
    compra_tarjeta,
    pago_servicio,
    debito_automatico,
    extraccion_cajero,
    movimientos
)
select
    cliente_id,
    date_trunc('month', fecha::timestamp)::date as mes,
    sum(monto) filter (where tipo_transaccion = 'ingreso_sueldo' and rubro is distinct from 'aguinaldo') as ingresos,
    coalesce(sum(monto) filter (where tipo_transaccion = 'ingreso_sueldo' and rubro = 'aguinaldo'), 0) as aguinaldo,
    coalesce(sum(monto) filter (where tipo_transaccion = 'compra_tarjeta'), 0) as compra_tarjeta,
    coalesce(sum(monto) filter (where tipo_transaccion = 'pago_servicio'), 0) as pago_servicio,
    coalesce(sum(monto) filter (where tipo_transaccion = 'debito_automatico'), 0) as debito_automatico,
    coalesce(sum(monto) filter (where tipo_transaccion = 'extraccion_cajero'), 0) as extraccion_cajero,
    count(*) as movimientos
from dw.hecho_transacciones
where
    fecha >= date_trunc('month', %(desde)s::timestamp)::date
    and fecha < (date_trunc('month', %(hasta)s::timestamp) + interval '1 month')::date
group by cliente_id, date_trunc('month', fecha::timestamp)::date;

-- also days that another run has meanwhile loaded again: what they delivered before is in the sums
update control.cargas
set
    capa = case when capa = 'dw' then 'mart' else capa end,
    capa_alcanzada = 'mart'
where
    entidad = 'transacciones'
    and 'dw' in (capa, capa_alcanzada)
    and fecha between date_trunc('month', %(desde)s::timestamp)::date
    and (date_trunc('month', %(hasta)s::timestamp) + interval '1 month' - interval '1 day')::date;

select count(*) as filas
from mart.gasto_mensual
where mes between date_trunc('month', %(desde)s::timestamp)::date and %(hasta)s::date;
