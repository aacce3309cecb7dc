-- How late orders arrive as of the day, all 13 months.
select
    mes,
    provincia,
    deposito,
    entregas,
    demoradas,
    demoradas_pct,
    demora_media_dias,
    demora_p90_dias
from mart.demoras_logisticas_historico
where fecha_corte = %(fecha)s::date
order by mes, provincia, deposito
