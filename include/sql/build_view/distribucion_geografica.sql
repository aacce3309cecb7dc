-- mart.distribucion_geografica_historico: where customers are, and where there is room for more.
-- Grain: one row per province. Inputs: mart.cliente_360_historico, dw.dim_cliente, dw.dim_provincia.
-- None where no customer's province is known. Without orders or their lines, what customers buy is unknown, not 0.
-- A province of which the inhabitants are not known has no penetration, and no part in that of the whole country.

delete from mart.distribucion_geografica_historico
where fecha_corte = %(fecha)s::date;

insert into mart.distribucion_geografica_historico (
    provincia, region, poblacion, clientes, clientes_por_1000_hab, clientes_hace_12m, crecimiento_pct,
    ingresos_por_cliente, clientes_potenciales, ingresos_potenciales, puesto, motivo, fecha_corte
)
with actual as (
    select
        provincia,
        count(*) as clientes,
        sum(monto_compras_12m) as ingresos
    from mart.cliente_360_historico
    where fecha_corte = %(fecha)s::date
    group by provincia
),

anterior as (
    select
        provincia,
        count(*) as clientes
    from dw.dim_cliente
    where
        dw.vigente(vigente_desde, vigente_hasta, %(fecha)s::date - 365)
        and dw.es_cliente(fecha_alta, fecha_baja, %(fecha)s::date - 365)
    group by provincia
),

provincia_actual as (
    select
        dim_provincia.provincia,
        dim_provincia.region,
        nullif(dim_provincia.poblacion, 0) as poblacion,
        coalesce(actual.clientes, 0) as clientes,
        case when array['ventas', 'detalle_ventas'] <@ %(entidades)s::text[] then coalesce(actual.ingresos, 0) end
            as ingresos,
        case when %(fecha)s::date - 365 >= %(inicio)s::date then coalesce(anterior.clientes, 0) end
            as clientes_hace_12m,
        sum(dim_provincia.poblacion) over () as poblacion_total,
        coalesce(sum(actual.clientes) filter (where dim_provincia.poblacion > 0) over (), 0) as clientes_contados,
        coalesce(sum(actual.clientes) over (), 0) as clientes_total,
        sum(actual.ingresos) over () as ingresos_total
    from dw.dim_provincia as dim_provincia
    left join actual
        on dim_provincia.provincia = actual.provincia
    left join anterior
        on dim_provincia.provincia = anterior.provincia
    where
        'clientes' = any(%(entidades)s::text[])
        and (select count(*) = 0 or count(vivienda.provincia) > 0 from actual as vivienda)
),

oportunidad as (
    select
        *,
        case
            when poblacion is not null
                then greatest(floor(clientes_contados * poblacion / poblacion_total - clientes), 0)
        end as clientes_potenciales,
        round(clientes * 1000.0 / poblacion, 4) as clientes_por_1000_hab,
        clientes * poblacion_total < clientes_contados * poblacion as poca_penetracion,
        clientes > 0 and ingresos * clientes_total >= ingresos_total * clientes as buen_gasto
    from provincia_actual
),

valorada as (
    select
        *,
        round(
            case
                when ingresos is null then null
                when clientes > 0 then clientes_potenciales * ingresos / clientes
                when poblacion is not null
                    then coalesce(clientes_potenciales * ingresos_total / nullif(clientes_total, 0), 0)
            end,
            2
        ) as ingresos_potenciales
    from oportunidad
)

select
    provincia,
    region,
    poblacion,
    clientes,
    clientes_por_1000_hab,
    clientes_hace_12m,
    round((clientes - clientes_hace_12m) * 100.0 / nullif(clientes_hace_12m, 0), 2) as crecimiento_pct,
    round(ingresos / nullif(clientes, 0), 2) as ingresos_por_cliente,
    clientes_potenciales,
    ingresos_potenciales,
    case
        when ingresos_potenciales is not null
            then row_number() over (
                order by ingresos_potenciales desc nulls last, clientes_por_1000_hab asc, provincia asc
            )
    end as puesto,
    case
        when ingresos is null then null
        when poblacion is null then 'poblacion_desconocida'
        when poca_penetracion and buen_gasto then 'poca_penetracion_y_buen_gasto'
        when poca_penetracion then 'poca_penetracion'
        when buen_gasto then 'buen_gasto'
        else 'mercado_cubierto'
    end as motivo,
    %(fecha)s::date as fecha_corte
from valorada;
