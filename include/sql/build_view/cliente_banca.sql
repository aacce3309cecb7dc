-- cliente_banca, for this transaction: the bank's half of cliente_360.
-- Grain: one row per customer who is one at the end of the day fecha. Inputs: dw.dim_cliente, dw.grafia_provincia,
-- and gasto_observado of this transaction.

create temporary table cliente_banca on commit drop as
with activo as materialized (
    select
        cliente.cliente_id,
        cliente.nombre,
        cliente.apellido,
        cliente.fecha_nacimiento,
        coalesce(grafia.provincia, cliente.provincia) as provincia,
        coalesce(cliente.pais, %(pais)s) as pais,
        cliente.ocupacion,
        cliente.ingresos_mensuales,
        cliente.fecha_alta
    from dw.dim_cliente as cliente
    left join dw.grafia_provincia as grafia
        on
            cliente.provincia = grafia.grafia
            and coalesce(cliente.pais, %(pais)s) = %(pais)s
    where
        dw.vigente(cliente.vigente_desde, cliente.vigente_hasta, %(fecha)s::date)
        and dw.es_cliente(cliente.fecha_alta, cliente.fecha_baja, %(fecha)s::date)
        and 'clientes' = any(%(entidades)s::text[])
),

cliente as (
    select
        activo.*,
        age(%(fecha)s::date, activo.fecha_alta) as antiguedad,
        coalesce(
            observado.sueldo, case when observado.deposita then observado.deposito end, activo.ingresos_mensuales
        ) as ingresos,
        case
            when observado.sueldo is not null then 'observado'
            when observado.deposita then 'depositos'
            when activo.ingresos_mensuales is not null then 'declarado'
        end as origen_ingresos,
        case when 'transacciones' = any(%(entidades)s::text[]) then coalesce(observado.meses_observados, 0) end
            as meses_observados,
        observado.gasto,
        observado.pagos_fijos,
        -- without any movement that says in which direction it goes, of anybody, unknown
        case when max(observado.meses_con_sentido) over () > 0 then nullif(observado.meses_de_flujo, 0) end
            as meses_de_flujo,
        observado.ingresos_totales,
        observado.egresos_totales
    from activo
    left join gasto_observado as observado
        on activo.cliente_id = observado.cliente_id
),

ordenado as (
    select
        cliente.*,
        ntile(5) over (partition by cliente.ingresos is null order by cliente.ingresos) as quinto
    from cliente
)

select
    cliente_id,
    -- without either, null
    nullif(concat_ws(' ', nombre, apellido), '') as nombre,
    extract(year from age(%(fecha)s::date, fecha_nacimiento))::integer as edad,
    provincia,
    pais,
    ingresos as ingresos_mensuales,
    round(gasto / nullif(meses_observados, 0), 2) as gasto_mensual_promedio,
    round(pagos_fijos / nullif(meses_observados * ingresos, 0), 4) as score_endeudamiento,
    origen_ingresos,
    meses_observados,
    ocupacion,
    (extract(year from antiguedad) * 12 + extract(month from antiguedad))::integer as antiguedad_meses,
    -- of equal incomes, the first one's for all
    case when ingresos is not null then min(quinto) over (partition by ingresos) end as segmento_ingresos,
    round(ingresos_totales / meses_de_flujo, 2) as ingresos_totales_promedio,
    round(egresos_totales / meses_de_flujo, 2) as egresos_totales_promedio,
    round((ingresos_totales - egresos_totales) / meses_de_flujo, 2) as ahorro_promedio
from ordenado;
