-- mart.gasto_mensual, partitioned by month.
-- Grain: one row per customer and month with movements and, of movements that name no customer, per account and month.
-- Input: dw.hecho_transacciones.
-- Only the months from desde to hasta, those the run has touched, are computed again, each whole.

delete from mart.gasto_mensual
where mes between dw.mes(%(desde)s::date) and %(hasta)s::date;

insert into mart.gasto_mensual (
    cliente_id,
    mes,
    ingresos,
    aguinaldo,
    compra_tarjeta,
    pago_servicio,
    debito_automatico,
    extraccion_cajero,
    movimientos,
    ingresos_totales,
    egresos_totales,
    depositos,
    cuenta_id
)
select
    cliente_id,
    dw.mes(fecha) as mes,
    sum(monto) filter (where tipo_transaccion = 'ingreso_sueldo' and rubro is distinct from 'aguinaldo') as ingresos,
    coalesce(sum(monto) filter (where tipo_transaccion = 'ingreso_sueldo' and rubro = 'aguinaldo'), 0) as aguinaldo,
    coalesce(sum(monto) filter (where tipo_transaccion = 'compra_tarjeta'), 0) as compra_tarjeta,
    coalesce(sum(monto) filter (where tipo_transaccion = 'pago_servicio'), 0) as pago_servicio,
    coalesce(sum(monto) filter (where tipo_transaccion = 'debito_automatico'), 0) as debito_automatico,
    coalesce(sum(monto) filter (where tipo_transaccion = 'extraccion_cajero'), 0) as extraccion_cajero,
    count(*) as movimientos,
    -- unknown, where no movement says in which direction it goes
    case
        when count(sentido) > 0
            then coalesce(
                sum(monto) filter (where sentido = 'credito' and dw.es_flujo(tipo_transaccion, tarjeta_id)), 0
            )
    end as ingresos_totales,
    case
        when count(sentido) > 0
            then coalesce(
                sum(monto) filter (where sentido = 'debito' and dw.es_flujo(tipo_transaccion, tarjeta_id)), 0
            )
    end as egresos_totales,
    sum(monto) filter (where tipo_transaccion in ('deposito', 'cobro', 'beneficio')) as depositos,
    case when cliente_id = '' then cuenta_id else '' end as cuenta_id
from dw.hecho_transacciones
where fecha between dw.mes(%(desde)s::date) and dw.ultimo_dia(%(hasta)s::date)
group by cliente_id, dw.mes(fecha), case when cliente_id = '' then cuenta_id else '' end;
