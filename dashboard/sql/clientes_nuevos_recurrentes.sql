-- New and returning customers as of the day, all 13 months.
select
    mes,
    compradores,
    nuevos,
    recurrentes,
    ingresos_nuevos,
    ingresos_recurrentes,
    tasa_recompra_pct
from mart.clientes_nuevos_recurrentes_historico
where fecha_corte = %(fecha)s::date
order by mes
