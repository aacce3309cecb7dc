-- How late orders arrive as of the day, 13 months. Grain: one row per province, depot and month.
select
    provincia,
    deposito,
    mes,
    entregas,
    demoradas,
    demoradas_pct,
    demora_media_dias,
    demora_p90_dias,
    fecha_corte,
    con_promesa,
    anticipadas,
    anticipadas_pct,
    anticipo_medio_dias,
    dias_hasta_entrega,
    dias_hasta_entrega_p90
from mart.demoras_logisticas_historico
where fecha_corte = %(fecha)s::date
order by provincia, deposito, mes
