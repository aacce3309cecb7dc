-- campania_por_grupo, for this transaction: what the customers of each group bought while a campaign ran.
-- Grain: one row per campaign that began in the last 13 months as of fecha, and group, tratamiento and control.
-- Inputs: dw.dim_campania, dw.hecho_contactos, dw.hecho_ventas, dw.hecho_devoluciones.
-- None where the source lacks campaigns or contacts; without orders or their lines, what they bought is unknown, and
-- without products, what of it is margin.

create temporary table campania_por_grupo on commit drop as
with campania as (
    select
        campania_id,
        nombre,
        canal,
        categoria,
        fecha_inicio,
        fecha_fin,
        presupuesto
    from dw.dim_campania
    where
        dw.vigente(vigente_desde, vigente_hasta, %(fecha)s::date)
        and fecha_inicio between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and array['campanias', 'contactos_campania'] <@ %(entidades)s::text[]
),

-- day by day, so that orders are read once and joined by equality
dia_de_campania as materialized (
    select
        campania.campania_id,
        dia::date as fecha
    from campania
    cross join
        generate_series(
            campania.fecha_inicio::timestamp, least(campania.fecha_fin, %(fecha)s::date)::timestamp, interval '1 day'
        ) as dia
),

-- not materialized, these: on a cluster they are joined and added up where the customer is
pedido as (
    select
        dia_de_campania.campania_id,
        venta.cliente_id,
        venta.venta_id,
        sum(venta.importe) as monto,
        sum(venta.margen) filter (where 'productos' = any(%(entidades)s::text[])) as margen
    from dw.hecho_ventas as venta
    inner join dia_de_campania
        on venta.fecha = dia_de_campania.fecha
    where
        venta.fecha between (select min(campania.fecha_inicio) from campania) and %(fecha)s::date
        and dw.sin_anular(venta.fecha_anulacion, %(fecha)s::date)
        and array['ventas', 'detalle_ventas'] <@ %(entidades)s::text[]
    group by dia_de_campania.campania_id, venta.cliente_id, venta.venta_id
),

devolucion as (
    select
        cliente_id,
        venta_id,
        sum(monto) as monto,
        sum(monto - costo) as margen
    from dw.hecho_devoluciones
    where
        fecha between (select min(campania.fecha_inicio) from campania) and %(fecha)s::date
        and 'devoluciones' = any(%(entidades)s::text[])
    group by cliente_id, venta_id
),

compra as (
    select
        pedido.campania_id,
        pedido.cliente_id,
        count(*)::numeric as pedidos,
        sum(pedido.monto) as monto,
        sum(pedido.monto - coalesce(devolucion.monto, 0)) as neto,
        sum(pedido.margen - coalesce(devolucion.margen, 0)) as margen
    from pedido
    left join devolucion
        on
            pedido.cliente_id = devolucion.cliente_id
            and pedido.venta_id = devolucion.venta_id
    group by pedido.campania_id, pedido.cliente_id
),

-- a customer once, even if assigned on several days
contacto as (
    select distinct
        contacto.campania_id,
        contacto.cliente_id,
        contacto.grupo
    from dw.hecho_contactos as contacto
    where
        contacto.campania_id = any(array(select campania.campania_id from campania))
        -- no customer is assigned to a campaign before it is known
        and contacto.fecha between (
            select min(dim_campania.vigente_desde)
            from dw.dim_campania as dim_campania
            inner join campania
                on dim_campania.campania_id = campania.campania_id
        ) and %(fecha)s::date
),

-- what those who bought nothing bought: 0 if orders are known at all
sin_compras as (
    select case when array['ventas', 'detalle_ventas'] <@ %(entidades)s::text[] then 0 end as cero
),

grupo as (
    select
        contacto.campania_id,
        contacto.grupo,
        count(*)::numeric as clientes,
        count(compra.pedidos) + sin_compras.cero as compradores,
        coalesce(sum(compra.pedidos), sin_compras.cero) as pedidos,
        coalesce(sum(compra.pedidos * compra.pedidos), sin_compras.cero) as pedidos_cuadrado,
        coalesce(sum(compra.monto), sin_compras.cero) as monto,
        coalesce(sum(compra.monto * compra.monto), sin_compras.cero) as monto_cuadrado,
        coalesce(sum(compra.neto), sin_compras.cero) as neto,
        coalesce(sum(compra.neto * compra.neto), sin_compras.cero) as neto_cuadrado,
        count(compra.margen) as con_margen,
        coalesce(sum(compra.margen), sin_compras.cero) as margen,
        coalesce(sum(compra.margen * compra.margen), sin_compras.cero) as margen_cuadrado
    from contacto
    cross join sin_compras
    left join compra
        on
            contacto.campania_id = compra.campania_id
            and contacto.cliente_id = compra.cliente_id
    group by contacto.campania_id, contacto.grupo, sin_compras.cero
)

select
    campania.*,
    asignado.grupo,
    coalesce(grupo.clientes, 0) as asignados,
    grupo.clientes,
    grupo.compradores,
    grupo.pedidos,
    grupo.pedidos_cuadrado,
    grupo.monto,
    grupo.monto_cuadrado,
    grupo.neto,
    grupo.neto_cuadrado,
    grupo.con_margen,
    grupo.margen,
    grupo.margen_cuadrado
from campania
cross join unnest(array['tratamiento', 'control']) as asignado (grupo)
left join grupo
    on
        campania.campania_id = grupo.campania_id
        and asignado.grupo = grupo.grupo;
