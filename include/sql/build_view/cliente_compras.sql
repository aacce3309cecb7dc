-- cliente_compras, for this transaction: the purchases of cliente_360.
-- Grain: one row per customer who is one at the end of the day fecha.
-- Inputs: dw.dim_cliente, dw.hecho_pedidos, dw.hecho_ventas, dw.hecho_devoluciones.
-- It looks at the 365 days that end at fecha, without orders that were cancelled or returned by then, and what came
-- back of them. First and last orders are looked up by key, not searched for in the whole history. All is null where
-- the source provides no orders or no lines of them, but for what came back.

create temporary table cliente_compras on commit drop as
-- venta_id is null of what came back
with linea as (
    select
        cliente_id,
        venta_id,
        fecha,
        categoria,
        importe,
        0 as devuelto
    from dw.hecho_ventas
    where
        fecha between mart.desde_12m(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
        and array['ventas', 'detalle_ventas'] <@ %(entidades)s::text[]
    union all
    select
        cliente_id,
        null as venta_id,
        null as fecha,
        categoria,
        0 as importe,
        monto as devuelto
    from dw.hecho_devoluciones
    where
        fecha between mart.desde_12m(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
        and 'devoluciones' = any(%(entidades)s::text[])
),

compra as (
    select
        cliente_id,
        count(distinct venta_id) as compras,
        sum(importe) as monto,
        sum(devuelto) as devuelto,
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
    having count(venta_id) > 0
    order by cliente_id asc, sum(importe - devuelto) desc, categoria asc
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
            as monto,
        case when 'devoluciones' = any(%(entidades)s::text[]) then coalesce(compra.devuelto, 0) end as devuelto,
        case
            when array['ventas', 'detalle_ventas'] <@ %(entidades)s::text[]
                then coalesce(compra.monto - compra.devuelto, 0)
        end as neto
    from dw.dim_cliente as cliente
    left join compra
        on cliente.cliente_id = compra.cliente_id
    left join
        lateral (
            select distinct on (pedido.cliente_id) pedido.fecha
            from dw.hecho_pedidos as pedido
            where
                pedido.cliente_id = cliente.cliente_id
                and pedido.fecha between %(inicio)s::date and %(fecha)s::date
                and pedido.lineas > 0
                and dw.sin_anular(pedido.fecha_anulacion, %(fecha)s::date)
            order by pedido.cliente_id asc, pedido.fecha asc
        ) as primera
        on true
    left join
        lateral (
            select distinct on (pedido.cliente_id) pedido.fecha
            from dw.hecho_pedidos as pedido
            where
                compra.ultima is null
                and pedido.cliente_id = cliente.cliente_id
                and pedido.fecha between %(inicio)s::date and %(fecha)s::date - 365
                and pedido.lineas > 0
                and dw.sin_anular(pedido.fecha_anulacion, %(fecha)s::date)
            order by pedido.cliente_id asc, pedido.fecha desc
        ) as anterior
        on true
    where
        dw.vigente(cliente.vigente_desde, cliente.vigente_hasta, %(fecha)s::date)
        and dw.es_cliente(cliente.fecha_alta, cliente.fecha_baja, %(fecha)s::date)
)

select
    comprador.cliente_id,
    comprador.compras as compras_12m,
    comprador.monto as monto_compras_12m,
    comprador.devuelto as monto_devuelto_12m,
    case when comprador.devuelto is not null then comprador.neto end as monto_neto_12m,
    comprador.neto as gastado_12m,
    round(comprador.neto / nullif(comprador.compras, 0), 2) as ticket_promedio,
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
    favorita.categoria as categoria_favorita
from comprador
left join favorita
    on comprador.cliente_id = favorita.cliente_id;
