-- What accounts held and customers owed on the published days of the 13 months that end with the day, added up so that
-- any provinces and segments, those of each day, can be put together.
-- Grain: one row per published day, province and income quintile; none of days on which no balance and no debt is
-- known. Each sum stands beside the number of customers who have the figure.
select
    cliente.fecha_corte,
    cliente.provincia,
    cliente.segmento_ingresos,
    count(cliente.saldo_total) as con_saldo,
    sum(cliente.saldo_total) as saldo,
    count(cliente.deuda_total) as con_deuda,
    sum(cliente.deuda_total) as deuda
from mart.cliente_360_historico as cliente
where
    cliente.fecha_corte > %(fecha)s::date - interval '13 months'
    and cliente.fecha_corte <= %(fecha)s::date
    and (cliente.saldo_total is not null or cliente.deuda_total is not null)
    and cliente.fecha_corte in (
        select dia.fecha_corte
        from control.verificaciones as dia
        group by dia.fecha_corte
        having bool_and(dia.correcta or not dia.detiene)
    )
group by cliente.fecha_corte, cliente.provincia, cliente.segmento_ingresos
order by cliente.fecha_corte, cliente.provincia, cliente.segmento_ingresos
