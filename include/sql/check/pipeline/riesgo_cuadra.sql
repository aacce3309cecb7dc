-- The last month of riesgo_crediticio has the customers and debts of cliente_360 of the day, situation by situation.

with cliente as (
    select
        situacion,
        count(*) as clientes,
        case when count(deuda_total) = count(*) then sum(deuda_total) end as deuda,
        count(*) filter (where dias_mora_max > 0) as en_mora
    from mart.cliente_360_historico
    where fecha_corte = %(fecha)s::date and situacion is not null
    group by situacion
),

respuesta as (
    select
        situacion,
        clientes,
        deuda,
        en_mora
    from mart.riesgo_crediticio_historico
    where fecha_corte = %(fecha)s::date and mes = dw.mes(%(fecha)s::date)
)

select
    count(*) as hallazgos,
    min('situation ' || coalesce(cliente.situacion, respuesta.situacion)) as ejemplo
from cliente
full outer join respuesta
    on cliente.situacion = respuesta.situacion
where
    (cliente.clientes, cliente.deuda, cliente.en_mora)
    is distinct from (respuesta.clientes, respuesta.deuda, respuesta.en_mora);
