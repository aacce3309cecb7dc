-- mart.demoras_logisticas_historico: delays of deliveries.
-- Grain: one row per province, depot and month of the delivery, of the last 13 as of fecha. Input: dw.hecho_envios.

delete from mart.demoras_logisticas_historico
where fecha_corte = %(fecha)s::date;

insert into mart.demoras_logisticas_historico (
    provincia, deposito, mes, entregas, demoradas, demoradas_pct, demora_media_dias, demora_p90_dias, fecha_corte
)
with entrega as (
    select
        coalesce(provincia_envio, 'sin_dato') as provincia,
        deposito,
        dw.mes(fecha_entrega) as mes,
        greatest(fecha_entrega - fecha_prometida, 0) as demora
    from dw.hecho_envios
    where
        fecha_entrega between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        -- known no earlier than it took place: an index finds them in the partitions of any month
        and entrega_conocida between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and 'envios' = any(%(entidades)s::text[])
)

select
    provincia,
    deposito,
    mes,
    count(*) as entregas,
    count(*) filter (where demora > 0) as demoradas,
    round(count(*) filter (where demora > 0) * 100.0 / count(*), 2) as demoradas_pct,
    round(avg(demora), 2) as demora_media_dias,
    percentile_disc(0.9) within group (order by demora) as demora_p90_dias,
    %(fecha)s::date as fecha_corte
from entrega
group by provincia, deposito, mes;
