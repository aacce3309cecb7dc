-- How orders are paid as of the day, 13 months. Grain: one row per method and month.
select
    metodo_pago,
    mes,
    pagos,
    pedidos,
    monto,
    reembolsado,
    monto_neto,
    participacion_pct,
    cuotas_promedio,
    rechazados,
    rechazados_pct,
    fecha_corte
from mart.medios_de_pago_historico
where fecha_corte = %(fecha)s::date
order by metodo_pago, mes
