-- clientes_por_provincia, for this transaction: who lives where, and what they buy.
-- Grain: one row per province of the source's country, and of other countries those where customers are; none where no
-- customer's province is known.
-- Inputs: mart.cliente_360_historico, dw.dim_cliente, dw.grafia_provincia, dw.dim_provincia.
-- Without orders or their lines, what customers buy is unknown, not 0.

create temporary table clientes_por_provincia on commit drop as
with actual as (
    select
        pais,
        coalesce(provincia, 'sin_dato') as provincia,
        count(*) as clientes,
        sum(monto_compras_12m) as ingresos,
        sum(monto_devuelto_12m) as devuelto,
        sum(coalesce(monto_neto_12m, monto_compras_12m)) as neto
    from mart.cliente_360_historico
    where fecha_corte = %(fecha)s::date
    group by pais, coalesce(provincia, 'sin_dato')
),

anterior as (
    select
        coalesce(cliente.pais, %(pais)s) as pais,
        coalesce(grafia.provincia, cliente.provincia, 'sin_dato') as provincia,
        count(*) as clientes
    from dw.dim_cliente as cliente
    left join dw.grafia_provincia as grafia
        on
            cliente.provincia = grafia.grafia
            and coalesce(cliente.pais, %(pais)s) = %(pais)s
    where
        dw.vigente(cliente.vigente_desde, cliente.vigente_hasta, %(fecha)s::date - 365)
        and dw.es_cliente(cliente.fecha_alta, cliente.fecha_baja, %(fecha)s::date - 365)
    group by coalesce(cliente.pais, %(pais)s), coalesce(grafia.provincia, cliente.provincia, 'sin_dato')
),

lugar as (
    select
        %(pais)s as pais,
        provincia,
        region,
        poblacion
    from dw.dim_provincia
    union all
    select
        pais,
        provincia,
        null as region,
        null as poblacion
    from actual
    where pais <> %(pais)s
)

select
    lugar.pais,
    lugar.provincia,
    lugar.region,
    nullif(lugar.poblacion, 0) as poblacion,
    coalesce(actual.clientes, 0) as clientes,
    case when array['ventas', 'detalle_ventas'] <@ %(entidades)s::text[] then coalesce(actual.ingresos, 0) end
        as ingresos,
    case when array['ventas', 'detalle_ventas'] <@ %(entidades)s::text[] then coalesce(actual.neto, 0) end as neto,
    actual.devuelto,
    case when %(fecha)s::date - 365 >= %(inicio)s::date then coalesce(anterior.clientes, 0) end
        as clientes_hace_12m,
    sum(lugar.poblacion) over () as poblacion_total,
    coalesce(sum(actual.clientes) filter (where lugar.poblacion > 0) over (), 0) as clientes_contados,
    coalesce(sum(actual.clientes) filter (where lugar.pais = %(pais)s) over (), 0) as clientes_total,
    sum(actual.neto) filter (where lugar.pais = %(pais)s) over () as neto_total
from lugar
left join actual
    on
        lugar.pais = actual.pais
        and lugar.provincia = actual.provincia
left join anterior
    on
        lugar.pais = anterior.pais
        and lugar.provincia = anterior.provincia
where
    'clientes' = any(%(entidades)s::text[])
    and (
        select count(*) = 0 or count(*) filter (where vivienda.provincia <> 'sin_dato') > 0
        from actual as vivienda
    );
