-- mart.distribucion_geografica_historico: where customers are, and where there is room for more.
-- Grain: one row per province and country. Input: clientes_por_provincia, of this transaction.
-- A province of which the inhabitants are not known has no penetration, and no part in that of the whole country.

delete from mart.distribucion_geografica_historico
where fecha_corte = %(fecha)s::date;

insert into mart.distribucion_geografica_historico (
    provincia, region, poblacion, clientes, clientes_por_1000_hab, clientes_hace_12m, crecimiento_pct,
    ingresos_por_cliente, clientes_potenciales, ingresos_potenciales, puesto, motivo, fecha_corte,
    devoluciones_por_cliente, ingresos_netos_por_cliente, pais
)
with oportunidad as (
    select
        *,
        case
            when poblacion is not null
                then greatest(floor(clientes_contados * poblacion / poblacion_total - clientes), 0)
        end as clientes_potenciales,
        round(clientes * 1000.0 / poblacion, 4) as clientes_por_1000_hab,
        clientes * poblacion_total < clientes_contados * poblacion as poca_penetracion,
        clientes > 0 and neto * clientes_total >= neto_total * clientes as buen_gasto
    from clientes_por_provincia
),

valorada as (
    select
        *,
        round(
            case
                when neto is null then null
                when clientes > 0 then clientes_potenciales * neto / clientes
                when poblacion is not null
                    then coalesce(clientes_potenciales * neto_total / nullif(clientes_total, 0), 0)
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
        when neto is null then null
        when poblacion is null then 'poblacion_desconocida'
        when poca_penetracion and buen_gasto then 'poca_penetracion_y_buen_gasto'
        when poca_penetracion then 'poca_penetracion'
        when buen_gasto then 'buen_gasto'
        else 'mercado_cubierto'
    end as motivo,
    %(fecha)s::date as fecha_corte,
    round(devuelto / nullif(clientes, 0), 2) as devoluciones_por_cliente,
    case when devuelto is not null then round(neto / nullif(clientes, 0), 2) end as ingresos_netos_por_cliente,
    pais
from valorada;
