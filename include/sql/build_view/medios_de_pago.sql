-- mart.medios_de_pago_historico: how orders are paid.
-- Grain: one row per method and month of the payment, of the last 13 as of fecha. Input: dw.hecho_pagos.

delete from mart.medios_de_pago_historico
where fecha_corte = %(fecha)s::date;

insert into mart.medios_de_pago_historico (
    metodo_pago, mes, pagos, pedidos, monto, reembolsado, monto_neto, participacion_pct, cuotas_promedio,
    rechazados, rechazados_pct, fecha_corte
)
-- by order, so that on a cluster orders are told apart where they are
with pedido as (
    select
        cliente_id,
        venta_id,
        metodo_pago,
        dw.mes(fecha) as mes,
        count(*) filter (where estado = 'aprobado') as aprobados,
        count(*) filter (where estado = 'rechazado') as rechazados,
        coalesce(sum(monto) filter (where estado = 'aprobado'), 0) as monto,
        coalesce(sum(monto) filter (where estado = 'reembolsado'), 0) as reembolsado,
        coalesce(sum(cuotas) filter (where estado = 'aprobado'), 0) as cuotas,
        count(cuotas) filter (where estado = 'aprobado') as con_cuotas
    from dw.hecho_pagos
    where
        fecha between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and 'pagos_venta' = any(%(entidades)s::text[])
    group by cliente_id, venta_id, metodo_pago, dw.mes(fecha)
),

medio as (
    select
        metodo_pago,
        mes,
        sum(aprobados) as aprobados,
        count(*) filter (where aprobados > 0) as pedidos,
        sum(monto) as monto,
        sum(reembolsado) as reembolsado,
        sum(monto - reembolsado) as neto,
        sum(cuotas) as cuotas,
        sum(con_cuotas) as con_cuotas,
        sum(rechazados) as rechazados
    from pedido
    group by metodo_pago, mes
)

select
    metodo_pago,
    mes,
    aprobados as pagos,
    pedidos,
    monto,
    reembolsado,
    neto as monto_neto,
    round(neto * 100 / nullif(greatest(sum(neto) over (partition by mes), 0), 0), 2) as participacion_pct,
    round(cuotas / nullif(con_cuotas, 0), 2) as cuotas_promedio,
    rechazados,
    round(rechazados * 100 / nullif(aprobados + rechazados, 0), 2) as rechazados_pct,
    %(fecha)s::date as fecha_corte
from medio;
