-- mart.demoras_logisticas_historico: delays of deliveries.
-- Grain: one row per province, depot and month of the delivery, of the last 13 as of fecha. Input: dw.hecho_envios.

delete from mart.demoras_logisticas_historico
where fecha_corte = %(fecha)s::date;

insert into mart.demoras_logisticas_historico (
    provincia, deposito, mes, entregas, demoradas, demoradas_pct, demora_media_dias, demora_p90_dias, fecha_corte
)
-- how many were how late: few rows, however many deliveries, and on a cluster counted where these are
with recuento as (
    select
        coalesce(provincia_envio, 'sin_dato') as provincia,
        deposito,
        dw.mes(fecha_entrega) as mes,
        greatest(fecha_entrega - fecha_prometida, 0) as demora,
        count(*) as entregas
    from dw.hecho_envios
    where
        fecha_entrega between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        -- known no earlier than it took place: an index finds them in the partitions of any month
        and entrega_conocida between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and 'envios' = any(%(entidades)s::text[])
    group by
        coalesce(provincia_envio, 'sin_dato'), deposito, dw.mes(fecha_entrega),
        greatest(fecha_entrega - fecha_prometida, 0)
),

acumulada as (
    select
        *,
        sum(entregas) over (partition by provincia, deposito, mes order by demora) as hasta_demora,
        sum(entregas) over (partition by provincia, deposito, mes) as total
    from recuento
)

select
    provincia,
    deposito,
    mes,
    sum(entregas) as entregas,
    coalesce(sum(entregas) filter (where demora > 0), 0) as demoradas,
    round(coalesce(sum(entregas) filter (where demora > 0), 0) * 100.0 / sum(entregas), 2) as demoradas_pct,
    round(sum(demora * entregas) / sum(entregas), 2) as demora_media_dias,
    -- as percentile_disc finds it
    min(demora) filter (where hasta_demora >= ceil(0.9::double precision * total)) as demora_p90_dias,
    %(fecha)s::date as fecha_corte
from acumulada
group by provincia, deposito, mes;
