-- mart.demoras_logisticas_historico: deliveries, by the day promised and by the day of the order.
-- Grain: one row per province, depot and month of the delivery, of the last 13 as of fecha.
-- Input: entrega_contada, of this transaction.

delete from mart.demoras_logisticas_historico
where fecha_corte = %(fecha)s::date;

insert into mart.demoras_logisticas_historico (
    provincia, deposito, mes, entregas, demoradas, demoradas_pct, demora_media_dias, demora_p90_dias, fecha_corte,
    con_promesa, anticipadas, anticipadas_pct, anticipo_medio_dias, dias_hasta_entrega, dias_hasta_entrega_p90
)
with sumada as (
    select
        provincia,
        deposito,
        mes,
        prometidas,
        pedidas,
        sum(entregas) as entregas,
        coalesce(sum(entregas) filter (where dias_de_mas > 0), 0) as demoradas,
        coalesce(sum(entregas) filter (where dias_de_mas < 0), 0) as anticipadas,
        sum(entregas * demora) as demora,
        sum(entregas * greatest(-dias_de_mas, 0)) as anticipo,
        sum(entregas * dias) as dias,
        -- as percentile_disc finds them
        min(demora) filter (where dias_de_mas is not null and hasta_demora >= ceil(0.9::double precision * prometidas))
            as demora_p90,
        min(dias) filter (where hasta_dias >= ceil(0.9::double precision * pedidas)) as dias_p90
    from entrega_contada
    group by provincia, deposito, mes, prometidas, pedidas
)

select
    provincia,
    deposito,
    mes,
    entregas,
    case when prometidas > 0 then demoradas end as demoradas,
    round(demoradas * 100.0 / prometidas, 2) as demoradas_pct,
    round(demora::numeric / prometidas, 2) as demora_media_dias,
    demora_p90 as demora_p90_dias,
    %(fecha)s::date as fecha_corte,
    coalesce(prometidas, 0) as con_promesa,
    case when prometidas > 0 then anticipadas end as anticipadas,
    round(anticipadas * 100.0 / prometidas, 2) as anticipadas_pct,
    round(anticipo::numeric / prometidas, 2) as anticipo_medio_dias,
    round(dias / pedidas, 1) as dias_hasta_entrega,
    round(dias_p90, 1) as dias_hasta_entrega_p90
from sumada;
