-- How late customers with credit are as of the day, 13 months. Grain: one row per month and situation.
select
    mes,
    situacion,
    clientes,
    deuda,
    en_mora,
    en_mora_pct,
    pasan_a_1_pct,
    pasan_a_2_pct,
    pasan_a_3_pct,
    pasan_a_4_pct,
    pasan_a_5_pct,
    fecha_corte
from mart.riesgo_crediticio_historico
where fecha_corte = %(fecha)s::date
order by mes, situacion
