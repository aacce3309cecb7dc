-- cliente_compras, for this transaction: the purchases of cliente_360.
-- Grain: one row per customer who is one at the end of the day fecha. Inputs: dw.dim_cliente, dw.hecho_ventas.
-- It looks at the 365 days that end at fecha, without orders that were cancelled or returned by then. First and last
-- orders are looked up by key, not searched for in the whole history. All is null where the source provides no orders
-- or no lines of them.

create temporary table cliente_compras on commit drop as
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
        and array['ventas', 'detalle_ventas'] <@ %(entidades)s::text[]
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
    where categoria is not null and 'productos' = any(%(entidades)s::text[])
    group by cliente_id, categoria
    order by cliente_id asc, sum(importe) desc, categoria asc
),

comprador as (
    select
        cliente.cliente_id,
        case when array['ventas', 'detalle_ventas'] <@ %(entidades)s::text[] then primera.fecha end
            as primera_compra,
        case
            when array['ventas', 'detalle_ventas'] <@ %(entidades)s::text[]
                then coalesce(compra.ultima, anterior.fecha)
        end as ultima_compra,
        case when array['ventas', 'detalle_ventas'] <@ %(entidades)s::text[] then coalesce(compra.compras, 0) end
            as compras,
        case when array['ventas', 'detalle_ventas'] <@ %(entidades)s::text[] then coalesce(compra.monto, 0) end
            as monto
    from dw.dim_cliente as cliente
    left join compra
        on cliente.cliente_id = compra.cliente_id
    left join
        lateral (
            select distinct on (venta.cliente_id) venta.fecha
            from dw.hecho_ventas as venta
            where
                venta.cliente_id = cliente.cliente_id
                and venta.fecha between %(inicio)s::date and %(fecha)s::date
                and dw.sin_anular(venta.fecha_anulacion, %(fecha)s::date)
            order by venta.cliente_id asc, venta.fecha asc
        ) as primera
        on true
    left join
        lateral (
            select distinct on (venta.cliente_id) venta.fecha
            from dw.hecho_ventas as venta
            where
                compra.cliente_id is null
                and venta.cliente_id = cliente.cliente_id
                and venta.fecha between %(inicio)s::date and %(fecha)s::date - 365
                and dw.sin_anular(venta.fecha_anulacion, %(fecha)s::date)
            order by venta.cliente_id asc, venta.fecha desc
        ) as anterior
        on true
    where
        dw.vigente(cliente.vigente_desde, cliente.vigente_hasta, %(fecha)s::date)
        and dw.es_cliente(cliente.fecha_alta, cliente.fecha_baja, %(fecha)s::date)
),

quinto as (
    select
        cliente_id,
        ultima_compra,
        compras,
        monto,
        ntile(5) over (order by ultima_compra) as recencia,
        ntile(5) over (order by compras) as frecuencia,
        ntile(5) over (order by monto) as valor
    from comprador
    where primera_compra is not null
),

-- of equal values, the first one's for all
segmentado as (
    select
        cliente_id,
        min(recencia) over (partition by ultima_compra) as recencia,
        min(frecuencia) over (partition by compras) as frecuencia,
        min(valor) over (partition by monto) as valor
    from quinto
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
        when comprador.compras is null then null
        when comprador.primera_compra is null then 'sin_compras'
        when comprador.primera_compra > %(fecha)s::date - 90 then 'nuevo'
        when comprador.compras >= 2 then 'recurrente'
        when comprador.compras = 1 then 'ocasional'
        else 'inactivo'
    end as tipo_comprador,
    segmentado.recencia::text || segmentado.frecuencia::text || segmentado.valor::text as segmento_rfm,
    favorita.categoria as categoria_favorita
from comprador
left join segmentado
    on comprador.cliente_id = segmentado.cliente_id
left join favorita
    on comprador.cliente_id = favorita.cliente_id;
