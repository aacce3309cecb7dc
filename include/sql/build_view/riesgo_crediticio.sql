-- mart.riesgo_crediticio_historico: how late customers with credit are, and what becomes of them in the next month.
-- Grain: one row per situation and month, of the last 13 as of fecha. Inputs: corte, credito_al_corte, both of this
-- transaction, dw.dim_cliente. Customers are those of the month's last day (of the last month, of fecha).

delete from mart.riesgo_crediticio_historico
where fecha_corte = %(fecha)s::date;

insert into mart.riesgo_crediticio_historico (
    mes, situacion, clientes, deuda, en_mora, en_mora_pct, pasan_a_1_pct, pasan_a_2_pct, pasan_a_3_pct, pasan_a_4_pct,
    pasan_a_5_pct, fecha_corte
)
with deudor as (
    select
        corte.mes,
        credito.*
    from dw.dim_cliente as cliente
    inner join corte
        on dw.vigente(cliente.vigente_desde, cliente.vigente_hasta, corte.corte)
    inner join credito_al_corte as credito
        on
            cliente.cliente_id = credito.cliente_id
            and corte.corte = credito.corte
    where
        dw.es_cliente(cliente.fecha_alta, cliente.fecha_baja, corte.corte)
        and credito.situacion is not null
        and 'clientes' = any(%(entidades)s::text[])
),

paso as (
    select
        deudor.*,
        deudor.mes < dw.mes(%(fecha)s::date) as sigue,
        despues.situacion as despues
    from deudor
    left join deudor as despues
        on
            deudor.cliente_id = despues.cliente_id
            and deudor.mes + interval '1 month' = despues.mes
)

select
    mes,
    situacion,
    count(*) as clientes,
    case when count(deuda) = count(*) then sum(deuda) end as deuda,
    count(*) filter (where dias_mora > 0) as en_mora,
    round(count(*) filter (where dias_mora > 0) * 100.0 / count(*), 2) as en_mora_pct,
    case when sigue then round(count(*) filter (where despues = 1) * 100.0 / count(*), 2) end as pasan_a_1_pct,
    case when sigue then round(count(*) filter (where despues = 2) * 100.0 / count(*), 2) end as pasan_a_2_pct,
    case when sigue then round(count(*) filter (where despues = 3) * 100.0 / count(*), 2) end as pasan_a_3_pct,
    case when sigue then round(count(*) filter (where despues = 4) * 100.0 / count(*), 2) end as pasan_a_4_pct,
    case when sigue then round(count(*) filter (where despues = 5) * 100.0 / count(*), 2) end as pasan_a_5_pct,
    %(fecha)s::date as fecha_corte
from paso
group by mes, situacion, sigue;
