-- The 5 campaigns that added most as of the day.
select
    nombre,
    contactados,
    ingresos_incrementales,
    roi,
    exito
from mart.impacto_campanias_historico
where fecha_corte = %(fecha)s::date
order by ingresos_incrementales desc nulls last, campania_id asc
limit 5
