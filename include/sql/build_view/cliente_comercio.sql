-- cliente_comercio, for this transaction: the shop's half of cliente_360.
-- Grain: one row per customer who is one at the end of the day fecha. Inputs: dw.dim_cliente, dw.hecho_ventas,
-- dw.hecho_envios, dw.hecho_contactos.
-- It looks at the 365 days that end at fecha, without orders that were cancelled or returned by then. First and last
-- orders are looked up by key, not searched for in the whole history.

create temporary table cliente_comercio on commit drop as
with linea as (
    select
        cliente_id,
        venta_id,
        fecha,
        categoria,
        importe
    from dw.hecho_ventas
    where
        fecha between mart.desde_12m(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
),

compra as (
    select
        cliente_id,
        count(distinct venta_id) as compras,
        sum(importe) as monto,
        max(fecha) as ultima
    from linea
    group by cliente_id
),

favorita as (
    select distinct on (cliente_id)
        cliente_id,
        categoria
    from linea
    where categoria is not null
    group by cliente_id, categoria
    order by cliente_id asc, sum(importe) desc, categoria asc
),

entrega as (
    select
        cliente_id,
        round(count(*) filter (where fecha_entrega > fecha_prometida) * 100.0 / count(*), 2) as demoradas_pct
    from dw.hecho_envios
    where
        fecha_entrega between mart.desde_12m(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        -- known no earlier than it took place: an index finds them in the partitions of any month
        and entrega_conocida between mart.desde_12m(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
    group by cliente_id
),

contacto as (
    select
        cliente_id,
        count(*) as contactos
    from dw.hecho_contactos
    where
        fecha between mart.desde_12m(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and grupo = 'tratamiento'
    group by cliente_id
),

comprador as (
    select
        cliente.cliente_id,
        primera.fecha as primera_compra,
        coalesce(compra.ultima, anterior.fecha) as ultima_compra,
        coalesce(compra.compras, 0) as compras,
        coalesce(compra.monto, 0) as monto
    from dw.dim_cliente as cliente
    left join compra
        on cliente.cliente_id = compra.cliente_id
    left join
        lateral (
            select venta.fecha
            from dw.hecho_ventas as venta
            where
                venta.cliente_id = cliente.cliente_id
                and venta.fecha between %(inicio)s::date and %(fecha)s::date
                and dw.sin_anular(venta.fecha_anulacion, %(fecha)s::date)
            order by venta.fecha
            limit 1
        ) as primera
        on true
    left join
        lateral (
            select venta.fecha
            from dw.hecho_ventas as venta
            where
                compra.cliente_id is null
                and venta.cliente_id = cliente.cliente_id
                and venta.fecha between %(inicio)s::date and %(fecha)s::date - 365
                and dw.sin_anular(venta.fecha_anulacion, %(fecha)s::date)
            order by venta.fecha desc
            limit 1
        ) as anterior
        on true
    where
        dw.vigente(cliente.vigente_desde, cliente.vigente_hasta, %(fecha)s::date)
        and dw.es_cliente(cliente.fecha_alta, cliente.fecha_baja, %(fecha)s::date)
),

segmentado as (
    select
        cliente_id,
        ntile(5) over (order by ultima_compra, cliente_id) as recencia,
        ntile(5) over (order by compras, cliente_id) as frecuencia,
        ntile(5) over (order by monto, cliente_id) as valor
    from comprador
    where primera_compra is not null
)

select
    comprador.cliente_id,
    comprador.compras as compras_12m,
    comprador.monto as monto_compras_12m,
    round(comprador.monto / nullif(comprador.compras, 0), 2) as ticket_promedio,
    comprador.primera_compra,
    comprador.ultima_compra,
    %(fecha)s::date - comprador.ultima_compra as dias_sin_comprar,
    case
        when comprador.primera_compra is null then 'sin_compras'
        when comprador.primera_compra > %(fecha)s::date - 90 then 'nuevo'
        when comprador.compras >= 2 then 'recurrente'
        when comprador.compras = 1 then 'ocasional'
        else 'inactivo'
    end as tipo_comprador,
    segmentado.recencia::text || segmentado.frecuencia::text || segmentado.valor::text as segmento_rfm,
    favorita.categoria as categoria_favorita,
    entrega.demoradas_pct as entregas_demoradas_pct,
    coalesce(contacto.contactos, 0) as contactos_campania_12m
from comprador
left join segmentado
    on comprador.cliente_id = segmentado.cliente_id
left join favorita
    on comprador.cliente_id = favorita.cliente_id
left join entrega
    on comprador.cliente_id = entrega.cliente_id
left join contacto
    on comprador.cliente_id = contacto.cliente_id;
