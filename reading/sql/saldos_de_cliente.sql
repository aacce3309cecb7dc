-- What a customer's accounts held and the customer owed on the published days of the 13 months that end with the day.
-- Grain: one row per published day on which one of them is known.
select
    fecha_corte,
    saldo_total,
    saldo_minimo_90d,
    deuda_total
from mart.cliente_360_historico
where
    cliente_id = %(cliente_id)s
    and fecha_corte > %(fecha)s::date - interval '13 months'
    and fecha_corte <= %(fecha)s::date
    and (saldo_total is not null or deuda_total is not null)
    and fecha_corte in (
        select dia.fecha_corte
        from control.verificaciones as dia
        group by dia.fecha_corte
        having bool_and(dia.correcta or not dia.detiene)
    )
order by fecha_corte
