-- mart.clientes_nuevos_recurrentes_historico: new against returning customers.
-- Grain: one row per month, of the last 13 as of fecha; none where the source provides no orders.
-- Input: dw.hecho_ventas.
-- Whether a customer has ordered before is looked up by key, not searched for in the whole history.

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

-- on a cluster, all up to the sums by month is done where the customer is
compra as (
    select
        cliente_id,
        dw.mes(fecha) as mes,
        count(distinct venta_id) as pedidos,
        sum(importe) as ingresos,
        dw.mes(fecha) = min(dw.mes(fecha)) over (partition by cliente_id) as es_primera
    from dw.hecho_ventas
    where
        fecha between (select min(mes_publicado.mes) from mes_publicado) and %(fecha)s::date
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
    group by cliente_id, dw.mes(fecha)
),

clasificada as (
    select
        compra.mes,
        compra.pedidos,
        compra.ingresos,
        compra.es_primera and anterior.fecha is null as es_nuevo
    from compra
    left join
        lateral (
            select distinct on (venta.cliente_id) venta.fecha
            from dw.hecho_ventas as venta
            where
                compra.es_primera
                and venta.cliente_id = compra.cliente_id
                and venta.fecha between %(inicio)s::date and compra.mes - 1
                and dw.sin_anular(venta.fecha_anulacion, %(fecha)s::date)
            order by venta.cliente_id asc, venta.fecha asc
        ) as anterior
        on true
),

sumada as (
    select
        mes,
        count(*) as compradores,
        count(*) filter (where es_nuevo) as nuevos,
        count(*) filter (where not es_nuevo) as recurrentes,
        coalesce(sum(ingresos) filter (where es_nuevo), 0) as ingresos_nuevos,
        coalesce(sum(ingresos) filter (where not es_nuevo), 0) as ingresos_recurrentes,
        count(*) filter (where not es_nuevo or pedidos > 1) as con_recompra
    from clasificada
    group by mes
)

select
    mes_publicado.mes,
    coalesce(sumada.compradores, 0) as compradores,
    coalesce(sumada.nuevos, 0) as nuevos,
    coalesce(sumada.recurrentes, 0) as recurrentes,
    coalesce(sumada.ingresos_nuevos, 0) as ingresos_nuevos,
    coalesce(sumada.ingresos_recurrentes, 0) as ingresos_recurrentes,
    round(sumada.con_recompra * 100.0 / sumada.compradores, 2) as tasa_recompra_pct,
    %(fecha)s::date as fecha_corte
from mes_publicado
left join sumada
    on mes_publicado.mes = sumada.mes;
