-- mart.clientes_nuevos_recurrentes_historico: new against returning customers.
-- Grain: one row per month, of the last 13 as of fecha; none where the source provides no orders.
-- Input: dw.hecho_ventas.
-- A customer's first order is looked up by key, not searched for in the whole history.

delete from mart.clientes_nuevos_recurrentes_historico
where fecha_corte = %(fecha)s::date;

insert into mart.clientes_nuevos_recurrentes_historico (
    mes, compradores, nuevos, recurrentes, ingresos_nuevos, ingresos_recurrentes, tasa_recompra_pct, fecha_corte
)
with mes_publicado as (
    select mes
    from mart.meses(%(inicio)s::date, %(fecha)s::date, 13)
    where array['ventas', 'detalle_ventas'] <@ %(entidades)s::text[]
),

compra as (
    select
        cliente_id,
        dw.mes(fecha) as mes,
        count(distinct venta_id) as pedidos,
        sum(importe) as ingresos
    from dw.hecho_ventas
    where
        fecha between (select min(mes_publicado.mes) from mes_publicado) and %(fecha)s::date
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
    group by cliente_id, dw.mes(fecha)
),

primera as (
    select
        comprador.cliente_id,
        pedido.fecha
    from (select distinct compra.cliente_id from compra) as comprador
    cross join lateral (
        select venta.fecha
        from dw.hecho_ventas as venta
        where
            venta.cliente_id = comprador.cliente_id
            and venta.fecha between %(inicio)s::date and %(fecha)s::date
            and dw.sin_anular(venta.fecha_anulacion, %(fecha)s::date)
        order by venta.fecha
        limit 1
    ) as pedido
),

clasificada as (
    select
        compra.mes,
        compra.pedidos,
        compra.ingresos,
        primera.fecha >= compra.mes as es_nuevo
    from compra
    inner join primera
        on compra.cliente_id = primera.cliente_id
)

select
    mes_publicado.mes,
    count(clasificada.mes) as compradores,
    count(*) filter (where clasificada.es_nuevo) as nuevos,
    count(*) filter (where not clasificada.es_nuevo) as recurrentes,
    coalesce(sum(clasificada.ingresos) filter (where clasificada.es_nuevo), 0) as ingresos_nuevos,
    coalesce(sum(clasificada.ingresos) filter (where not clasificada.es_nuevo), 0) as ingresos_recurrentes,
    round(
        count(*) filter (where not clasificada.es_nuevo or clasificada.pedidos > 1)
        * 100.0 / nullif(count(clasificada.mes), 0),
        2
    ) as tasa_recompra_pct,
    %(fecha)s::date as fecha_corte
from mes_publicado
left join clasificada
    on mes_publicado.mes = clasificada.mes
group by mes_publicado.mes;
