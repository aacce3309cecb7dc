-- gasto_observado, for this transaction: what the movements of the observed months come to.
-- Grain: one row per customer with observed months. Inputs: dw.dim_cliente, mart.gasto_mensual, dw.titularidad, and
-- gasto_de_cuenta, of this transaction.
-- Nothing dated after fecha counts. An observed month is complete, one of the last 12 since inicio, and the person is
-- a customer on each of its days and, where the source says of anybody who holds accounts, has a part of one on its
-- last day or is named by a movement. Without transacciones in the source, no month is observed.

create temporary table gasto_observado on commit drop as
-- who has come back was no customer for a while
with historia as (
    select
        cliente_id,
        range_agg(dw.dias_de_cliente(vigente_desde, vigente_hasta, fecha_alta, fecha_baja)) as dias
    from dw.dim_cliente
    where vigente_desde <= %(fecha)s::date
    group by cliente_id
),

mes_observado as (
    select
        historia.cliente_id,
        mes_completo.mes,
        mes_completo.ultimo_dia
    from historia
    inner join mart.meses_completos(%(inicio)s::date, %(fecha)s::date) as mes_completo
        on historia.dias @> daterange(mes_completo.mes, mes_completo.ultimo_dia, '[]')
    where historia.dias @> %(fecha)s::date and 'transacciones' = any(%(entidades)s::text[])
),

tenencia as (
    select
        cliente_id,
        range_agg(daterange(desde, hasta)) as dias
    from dw.titularidad
    where
        participacion > 0
        and desde <= %(fecha)s::date
        and 'titulares_cuenta' = any(%(entidades)s::text[])
    group by cliente_id
),

alguna as (
    select count(*) as partes
    from dw.titularidad
    where desde <= %(fecha)s::date and 'titulares_cuenta' = any(%(entidades)s::text[])
),

gasto as (
    select
        mes_observado.cliente_id,
        coalesce(propio.mes, ajeno.mes) as mes,
        -- 1 is the newest of the customer's own
        row_number() over (partition by mes_observado.cliente_id order by mes_observado.mes desc) as antiguedad,
        dw.mas(propio.ingresos, ajeno.ingresos) as ingresos,
        dw.mas(propio.compra_tarjeta, ajeno.compra_tarjeta) as compra_tarjeta,
        dw.mas(propio.pago_servicio, ajeno.pago_servicio) as pago_servicio,
        dw.mas(propio.debito_automatico, ajeno.debito_automatico) as debito_automatico,
        dw.mas(propio.extraccion_cajero, ajeno.extraccion_cajero) as extraccion_cajero,
        dw.mas(propio.depositos, ajeno.depositos) as depositos,
        dw.mas(propio.ingresos_totales, ajeno.ingresos_totales) as ingresos_totales,
        dw.mas(propio.egresos_totales, ajeno.egresos_totales) as egresos_totales
    from mes_observado
    left join mart.gasto_mensual as propio
        on
            mes_observado.cliente_id = propio.cliente_id
            and mes_observado.mes = propio.mes
            and propio.mes between (%(fecha)s::date - interval '13 months')::date and %(fecha)s::date
    left join gasto_de_cuenta as ajeno
        on
            mes_observado.cliente_id = ajeno.cliente_id
            and mes_observado.mes = ajeno.mes
    left join tenencia
        on mes_observado.cliente_id = tenencia.cliente_id
    where
        (select alguna.partes from alguna) = 0
        or tenencia.dias @> mes_observado.ultimo_dia
        or propio.cliente_id is not null
)

select
    cliente_id,
    count(*) as meses_observados,
    coalesce(
        sum(compra_tarjeta + pago_servicio + debito_automatico + extraccion_cajero), 0
    ) as gasto,
    coalesce(sum(pago_servicio + debito_automatico), 0) as pagos_fijos,
    -- the median, exact in numeric: the mean of the lower and the upper middle value
    round((
        percentile_disc(0.5) within group (order by ingresos) filter (where antiguedad <= 6)
        + percentile_disc(0.5) within group (order by ingresos desc) filter (where antiguedad <= 6)
    ) / 2, 2) as sueldo,
    round((
        percentile_disc(0.5) within group (order by depositos) filter (where antiguedad <= 6)
        + percentile_disc(0.5) within group (order by depositos desc) filter (where antiguedad <= 6)
    ) / 2, 2) as deposito,
    -- in enough of the newest months to be an income
    count(depositos) filter (where antiguedad <= 6) >= 3
    and 3 * count(depositos) filter (where antiguedad <= 6)
    >= 2 * count(*) filter (where antiguedad <= 6) as deposita,
    -- months with movements of which none says in which direction it goes are unknown
    count(*) filter (where mes is null or ingresos_totales is not null) as meses_de_flujo,
    count(ingresos_totales) as meses_con_sentido,
    coalesce(sum(ingresos_totales), 0) as ingresos_totales,
    coalesce(sum(egresos_totales), 0) as egresos_totales
from gasto
group by cliente_id;
