-- entrega_contada, for this transaction: how many deliveries took how long.
-- Grain: one row per province, depot, month of the delivery (of the last 13 as of fecha), days to or from the day
-- promised, and days from the order: few rows, however many deliveries, and on a cluster counted where these are.
-- Inputs: dw.hecho_envios, dw.grafia_provincia.

create temporary table entrega_contada on commit drop as
with recuento as (
    select
        coalesce(grafia.provincia, envio.provincia_envio, 'sin_dato') as provincia,
        envio.deposito,
        dw.mes(envio.fecha_entrega) as mes,
        case when envio.promesa_conocida <= %(fecha)s::date then envio.fecha_entrega - envio.fecha_prometida end
            as dias_de_mas,
        dw.dias_entre(envio.fecha_venta, envio.momento_venta, envio.fecha_entrega, envio.momento_entrega) as dias,
        count(*) as entregas
    from dw.hecho_envios as envio
    left join dw.grafia_provincia as grafia
        on envio.provincia_envio = grafia.grafia
    where
        envio.fecha_entrega between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        -- known no earlier than it took place: an index finds them in the partitions of any month
        and envio.entrega_conocida between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and 'envios' = any(%(entidades)s::text[])
    group by
        coalesce(grafia.provincia, envio.provincia_envio, 'sin_dato'), envio.deposito, dw.mes(envio.fecha_entrega),
        case when envio.promesa_conocida <= %(fecha)s::date then envio.fecha_entrega - envio.fecha_prometida end,
        dw.dias_entre(envio.fecha_venta, envio.momento_venta, envio.fecha_entrega, envio.momento_entrega)
)

-- and how many took no longer, of those with a day promised and of those whose order is known
select
    *,
    greatest(dias_de_mas, 0) as demora,
    sum(entregas) filter (where dias_de_mas is not null) over por_demora as hasta_demora,
    sum(entregas) filter (where dias is not null) over por_dias as hasta_dias,
    sum(entregas) filter (where dias_de_mas is not null) over del_mes as prometidas,
    sum(entregas) filter (where dias is not null) over del_mes as pedidas
from recuento
window
    del_mes as (partition by provincia, deposito, mes),
    por_demora as (partition by provincia, deposito, mes order by greatest(dias_de_mas, 0)),
    por_dias as (partition by provincia, deposito, mes order by dias);
