-- cliente_banca, for this transaction: the bank's half of cliente_360.
-- Grain: one row per customer who is one at the end of the day fecha. Inputs: dw.dim_cliente, mart.gasto_mensual.
-- Without transacciones in the source, no month is observed.
-- Nothing dated after fecha counts. An observed month is complete, one of the last 12 since inicio, and the person is
-- a customer on each of its days.

create temporary table cliente_banca on commit drop as
with activo as (
    select
        cliente_id,
        nombre,
        apellido,
        fecha_nacimiento,
        provincia,
        ocupacion,
        ingresos_mensuales,
        fecha_alta
    from dw.dim_cliente
    where
        dw.vigente(vigente_desde, vigente_hasta, %(fecha)s::date)
        and dw.es_cliente(fecha_alta, fecha_baja, %(fecha)s::date)
        and 'clientes' = any(%(entidades)s::text[])
),

-- antiguedad 1 is the newest
mes_completo as (
    select
        mes,
        ultimo_dia,
        row_number() over (order by mes desc) as antiguedad
    from mart.meses(%(inicio)s::date, %(fecha)s::date, 13)
    where
        mes >= %(inicio)s::date
        and ultimo_dia <= %(fecha)s::date
        and 'transacciones' = any(%(entidades)s::text[])
    order by mes desc
    limit 12
),

-- who has come back was no customer for a while
historia as (
    select
        cliente_id,
        range_agg(dw.dias_de_cliente(vigente_desde, vigente_hasta, fecha_alta, fecha_baja)) as dias
    from dw.dim_cliente
    where vigente_desde <= %(fecha)s::date
    group by cliente_id
),

mes_observado as (
    select
        activo.cliente_id,
        mes_completo.mes,
        mes_completo.antiguedad
    from activo
    inner join historia
        on activo.cliente_id = historia.cliente_id
    inner join mes_completo
        on historia.dias @> daterange(mes_completo.mes, mes_completo.ultimo_dia, '[]')
),

resumen as (
    select
        mes_observado.cliente_id,
        count(*) as meses_observados,
        coalesce(
            sum(gasto.compra_tarjeta + gasto.pago_servicio + gasto.debito_automatico + gasto.extraccion_cajero), 0
        ) as gasto,
        coalesce(sum(gasto.pago_servicio + gasto.debito_automatico), 0) as pagos_fijos,
        -- the median, exact in numeric: the mean of the lower and the upper middle value
        round((
            percentile_disc(0.5) within group (order by gasto.ingresos) filter (where mes_observado.antiguedad <= 6)
            + percentile_disc(0.5) within group (order by gasto.ingresos desc) filter (
                where mes_observado.antiguedad <= 6
            )
        ) / 2, 2) as ingresos
    from mes_observado
    left join mart.gasto_mensual as gasto
        on
            mes_observado.cliente_id = gasto.cliente_id
            and mes_observado.mes = gasto.mes
            and gasto.mes between (%(fecha)s::date - interval '13 months')::date and %(fecha)s::date
    group by mes_observado.cliente_id
),

cliente as (
    select
        activo.*,
        age(%(fecha)s::date, activo.fecha_alta) as antiguedad,
        coalesce(resumen.ingresos, activo.ingresos_mensuales) as ingresos,
        resumen.ingresos is not null as ingresos_observados,
        case when 'transacciones' = any(%(entidades)s::text[]) then coalesce(resumen.meses_observados, 0) end
            as meses_observados,
        resumen.gasto,
        resumen.pagos_fijos,
        ntile(5) over (
            partition by coalesce(resumen.ingresos, activo.ingresos_mensuales) is null
            order by coalesce(resumen.ingresos, activo.ingresos_mensuales)
        ) as quinto
    from activo
    left join resumen
        on activo.cliente_id = resumen.cliente_id
)

select
    cliente_id,
    -- without either, null
    nullif(concat_ws(' ', nombre, apellido), '') as nombre,
    extract(year from age(%(fecha)s::date, fecha_nacimiento))::integer as edad,
    provincia,
    ingresos as ingresos_mensuales,
    round(gasto / nullif(meses_observados, 0), 2) as gasto_mensual_promedio,
    round(pagos_fijos / nullif(meses_observados * ingresos, 0), 4) as score_endeudamiento,
    case when ingresos_observados then 'observado' when ingresos is not null then 'declarado' end as origen_ingresos,
    meses_observados,
    ocupacion,
    (extract(year from antiguedad) * 12 + extract(month from antiguedad))::integer as antiguedad_meses,
    -- of equal incomes, the first one's for all
    case when ingresos is not null then min(quinto) over (partition by ingresos) end as segmento_ingresos
from cliente;
