-- The 5 provinces and depots with most late deliveries in the month of the day.
select
    provincia,
    deposito,
    entregas,
    demoradas,
    demoradas_pct
from mart.demoras_logisticas_historico
where
    fecha_corte = %(fecha)s::date
    and mes = date_trunc('month', %(fecha)s::date)
order by demoradas desc, entregas asc, provincia asc, deposito asc
limit 5
