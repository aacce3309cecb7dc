-- mart.cliente_360_historico, partitioned by month of fecha_corte.
-- Grain: one row per customer who is one at the end of the day fecha. Inputs: dw.dim_cliente, mart.gasto_mensual.
-- Nothing dated after fecha has a say: a version is the one valid on that day, and a month counts only when it is over
-- (an observed month: complete, among the last 12 since inicio, the person a customer from its first day).

select pg_advisory_xact_lock_shared(hashtext('client360 world'));

select pg_advisory_xact_lock(361, %(fecha)s::date - date '2000-01-01');

-- what the checks said of the day was said of the rows that go
delete from control.verificaciones
where
    fecha_corte = %(fecha)s::date
    and %(mundo)s = all(select cargas.mundo from control.cargas as cargas);

delete from mart.cliente_360_historico
where
    fecha_corte = %(fecha)s::date
    and %(mundo)s = all(select cargas.mundo from control.cargas as cargas);

insert into mart.cliente_360_historico (
    cliente_id, nombre, edad, provincia, ingresos_mensuales, gasto_mensual_promedio, score_endeudamiento,
    origen_ingresos, meses_observados, ocupacion, antiguedad_meses, segmento_ingresos, fecha_corte
)
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
        vigente_desde <= %(fecha)s::date
        and vigente_hasta > %(fecha)s::date
        and fecha_alta <= %(fecha)s::date
        and (fecha_baja is null or fecha_baja > %(fecha)s::date)
        -- nothing where another run has given the warehouse to another world; the checks will say so
        and %(mundo)s = all(select cargas.mundo from control.cargas as cargas)
),

-- the last 12 complete months within [inicio, fecha]; antiguedad 1 is the newest
mes_completo as (
    select
        mes::date as mes,
        row_number() over (order by mes desc) as antiguedad
    from
        generate_series(
            date_trunc('month', %(inicio)s::timestamp + interval '1 month' - interval '1 day'),
            %(fecha)s::timestamp,
            interval '1 month'
        ) as mes
    where mes + interval '1 month' <= %(fecha)s::date + interval '1 day'
    order by mes desc
    limit 12
),

mes_observado as (
    select
        activo.cliente_id,
        mes_completo.mes,
        mes_completo.antiguedad
    from activo
    inner join mes_completo
        on activo.fecha_alta <= mes_completo.mes
),

resumen as (
    select
        mes_observado.cliente_id,
        count(*) as meses_observados,
        sum(
            gasto.compra_tarjeta + gasto.pago_servicio + gasto.debito_automatico + gasto.extraccion_cajero
        ) as gasto,
        sum(gasto.pago_servicio + gasto.debito_automatico) as pagos_fijos,
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
        activo.cliente_id,
        concat_ws(' ', activo.nombre, activo.apellido) as nombre,
        extract(year from age(%(fecha)s::date, activo.fecha_nacimiento))::integer as edad,
        activo.provincia,
        coalesce(resumen.ingresos, activo.ingresos_mensuales) as ingresos_mensuales,
        coalesce(resumen.meses_observados, 0) as meses_observados,
        case when resumen.meses_observados > 0 then coalesce(resumen.gasto, 0) end as gasto,
        case when resumen.meses_observados > 0 then coalesce(resumen.pagos_fijos, 0) end as pagos_fijos,
        case
            when resumen.ingresos is not null then 'observado'
            when activo.ingresos_mensuales is not null then 'declarado'
        end as origen_ingresos,
        activo.ocupacion,
        (
            extract(year from age(%(fecha)s::date, activo.fecha_alta)) * 12
            + extract(month from age(%(fecha)s::date, activo.fecha_alta))
        )::integer as antiguedad_meses
    from activo
    left join resumen
        on activo.cliente_id = resumen.cliente_id
)

select
    cliente_id,
    nombre,
    edad,
    provincia,
    ingresos_mensuales,
    round(gasto / nullif(meses_observados, 0), 2) as gasto_mensual_promedio,
    round(pagos_fijos / nullif(meses_observados * ingresos_mensuales, 0), 4) as score_endeudamiento,
    origen_ingresos,
    meses_observados,
    ocupacion,
    antiguedad_meses,
    case
        when ingresos_mensuales is not null
            then ntile(5) over (
                partition by ingresos_mensuales is null order by ingresos_mensuales, cliente_id
            )
    end as segmento_ingresos,
    %(fecha)s::date as fecha_corte
from cliente;

select count(*) as filas
from mart.cliente_360_historico
where fecha_corte = %(fecha)s::date;
