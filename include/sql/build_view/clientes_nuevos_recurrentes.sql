-- mart.clientes_nuevos_recurrentes_historico: new against returning customers.
-- Grain: one row per month, of the last 13 as of fecha; none where the source provides no orders.
-- Inputs: dw.hecho_pedidos, dw.hecho_ventas, dw.hecho_devoluciones.
-- Whether a customer has ordered before is looked up by key, not searched for in the whole history.

delete from mart.clientes_nuevos_recurrentes_historico
where fecha_corte = %(fecha)s::date;

insert into mart.clientes_nuevos_recurrentes_historico (
    mes, compradores, nuevos, recurrentes, ingresos_nuevos, ingresos_recurrentes, tasa_recompra_pct, fecha_corte,
    devoluciones_nuevos, devoluciones_recurrentes, ingresos_netos_nuevos, ingresos_netos_recurrentes,
    ingresos_sin_cliente, sin_cliente_pct, devoluciones_sin_cliente
)
with mes_publicado as (
    select mes
    from mart.meses(%(inicio)s::date, %(fecha)s::date, 13)
    where array['ventas', 'detalle_ventas'] <@ %(entidades)s::text[]
),

-- on a cluster, all up to the sums by month is done where the customer is; venta_id is null of what came back
linea as (
    select
        cliente_id,
        dw.mes(fecha) as mes,
        venta_id,
        importe,
        0 as devuelto
    from dw.hecho_ventas
    where
        fecha between (select min(mes_publicado.mes) from mes_publicado) and %(fecha)s::date
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
    union all
    select
        cliente_id,
        dw.mes(fecha) as mes,
        null as venta_id,
        0 as importe,
        monto as devuelto
    from dw.hecho_devoluciones
    where
        fecha between (select min(mes_publicado.mes) from mes_publicado) and %(fecha)s::date
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
        and 'devoluciones' = any(%(entidades)s::text[])
),

compra as (
    select
        cliente_id,
        mes,
        count(distinct venta_id) as pedidos,
        sum(importe) as ingresos,
        sum(devuelto) as devuelto,
        -- not of who has only given back
        coalesce(mes = min(case when count(venta_id) > 0 then mes end) over (partition by cliente_id), false)
            as es_primera
    from linea
    group by cliente_id, mes
),

-- an empty cliente_id is nobody that is known
clasificada as (
    select
        compra.cliente_id = '' as es_nadie,
        compra.mes,
        compra.pedidos,
        compra.ingresos,
        compra.devuelto,
        compra.es_primera and anterior.fecha is null and compra.cliente_id <> '' as es_nuevo
    from compra
    left join
        lateral (
            select distinct on (pedido.cliente_id) pedido.fecha
            from dw.hecho_pedidos as pedido
            where
                compra.es_primera
                and compra.cliente_id <> ''
                and pedido.cliente_id = compra.cliente_id
                and pedido.fecha between %(inicio)s::date and compra.mes - 1
                and pedido.lineas > 0
                and dw.sin_anular(pedido.fecha_anulacion, %(fecha)s::date)
            order by pedido.cliente_id asc, pedido.fecha asc
        ) as anterior
        on true
),

sumada as (
    select
        mes,
        count(*) filter (where pedidos > 0 and not es_nadie) as compradores,
        count(*) filter (where es_nuevo) as nuevos,
        count(*) filter (where pedidos > 0 and not es_nuevo and not es_nadie) as recurrentes,
        coalesce(sum(ingresos) filter (where es_nuevo), 0) as ingresos_nuevos,
        coalesce(sum(ingresos) filter (where not es_nuevo and not es_nadie), 0) as ingresos_recurrentes,
        coalesce(sum(ingresos) filter (where es_nadie), 0) as ingresos_de_nadie,
        sum(ingresos) as ingresos,
        coalesce(sum(devuelto) filter (where es_nuevo), 0) as devuelto_nuevos,
        coalesce(sum(devuelto) filter (where not es_nuevo and not es_nadie), 0) as devuelto_recurrentes,
        coalesce(sum(devuelto) filter (where es_nadie), 0) as devuelto_a_nadie,
        count(*) filter (where not es_nadie and (pedidos > 1 or (pedidos > 0 and not es_nuevo))) as con_recompra
    from clasificada
    group by mes
),

-- what came back, where the source says so: 0 of months without any
devuelta as (
    select
        mes_publicado.mes,
        coalesce(sumada.devuelto_nuevos, 0) as de_nuevos,
        coalesce(sumada.devuelto_recurrentes, 0) as de_recurrentes,
        coalesce(sumada.devuelto_a_nadie, 0) as de_nadie
    from mes_publicado
    left join sumada
        on mes_publicado.mes = sumada.mes
    where 'devoluciones' = any(%(entidades)s::text[])
)

select
    mes_publicado.mes,
    coalesce(sumada.compradores, 0) as compradores,
    coalesce(sumada.nuevos, 0) as nuevos,
    coalesce(sumada.recurrentes, 0) as recurrentes,
    coalesce(sumada.ingresos_nuevos, 0) as ingresos_nuevos,
    coalesce(sumada.ingresos_recurrentes, 0) as ingresos_recurrentes,
    round(sumada.con_recompra * 100.0 / nullif(sumada.compradores, 0), 2) as tasa_recompra_pct,
    %(fecha)s::date as fecha_corte,
    devuelta.de_nuevos as devoluciones_nuevos,
    devuelta.de_recurrentes as devoluciones_recurrentes,
    coalesce(sumada.ingresos_nuevos, 0) - devuelta.de_nuevos as ingresos_netos_nuevos,
    coalesce(sumada.ingresos_recurrentes, 0) - devuelta.de_recurrentes as ingresos_netos_recurrentes,
    coalesce(sumada.ingresos_de_nadie, 0) as ingresos_sin_cliente,
    round(sumada.ingresos_de_nadie * 100 / nullif(sumada.ingresos, 0), 2) as sin_cliente_pct,
    devuelta.de_nadie as devoluciones_sin_cliente
from mes_publicado
left join sumada
    on mes_publicado.mes = sumada.mes
left join devuelta
    on mes_publicado.mes = devuelta.mes;
