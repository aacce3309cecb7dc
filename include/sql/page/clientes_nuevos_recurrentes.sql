-- New and returning customers in the last 5 months as of the day.
select
    mes,
    compradores,
    nuevos,
    recurrentes,
    tasa_recompra_pct
from mart.clientes_nuevos_recurrentes_historico
where fecha_corte = %(fecha)s::date
order by mes desc
limit 5
