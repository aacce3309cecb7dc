-- The 5 provinces with most room for more customers as of the day.
select
    provincia,
    clientes,
    clientes_potenciales,
    ingresos_potenciales,
    motivo
from mart.distribucion_geografica_historico
where fecha_corte = %(fecha)s::date
order by puesto
limit 5
