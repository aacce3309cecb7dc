-- mart.clientes_nuevos_recurrentes_historico: new against returning customers.
-- Grain: one row per month, of the last 13 as of fecha. Input: dw.hecho_ventas.
-- A customer's first order is looked up by key, not searched for in the whole history.
-- Empty where the source provides no orders.

select pg_advisory_xact_lock_shared(hashtext('client360 world'));

select pg_advisory_xact_lock(hashtext('mart.clientes_nuevos_recurrentes'), %(fecha)s::date - date '2000-01-01');

delete from mart.clientes_nuevos_recurrentes_historico
where
    fecha_corte = %(fecha)s::date
    and %(mundo)s = all(select cargas.mundo from control.cargas as cargas);

-- many rows are joined by key, of tables so new that the planner may take them for small
set local enable_nestloop = off;

insert into mart.clientes_nuevos_recurrentes_historico (
    mes, compradores, nuevos, recurrentes, ingresos_nuevos, ingresos_recurrentes, tasa_recompra_pct, fecha_corte
)
with mes_publicado as (
    select mes::date as mes
    from
        generate_series(
            greatest(
                date_trunc('month', %(inicio)s::timestamp),
                date_trunc('month', %(fecha)s::timestamp) - interval '12 months'
            ),
            %(fecha)s::timestamp,
            interval '1 month'
        ) as mes
    where
        %(mundo)s = all(select cargas.mundo from control.cargas as cargas)
        and 'ventas' = any(%(entidades)s::text[])
        and 'detalle_ventas' = any(%(entidades)s::text[])
),

compra as (
    select
        cliente_id,
        date_trunc('month', fecha::timestamp)::date as mes,
        count(distinct venta_id) as pedidos,
        sum(importe) as ingresos
    from dw.hecho_ventas
    where
        fecha between (select min(mes_publicado.mes) from mes_publicado) and %(fecha)s::date
        and (fecha_anulacion is null or fecha_anulacion > %(fecha)s::date)
    group by cliente_id, date_trunc('month', fecha::timestamp)::date
),

comprador as (
    select distinct cliente_id
    from compra
),

primera as (
    select
        comprador.cliente_id,
        hecho_ventas.fecha
    from comprador
    cross join lateral (
        select hecho.fecha
        from dw.hecho_ventas as hecho
        where
            hecho.cliente_id = comprador.cliente_id
            and hecho.fecha between %(inicio)s::date and %(fecha)s::date
            and (hecho.fecha_anulacion is null or hecho.fecha_anulacion > %(fecha)s::date)
        order by hecho.fecha
        limit 1
    ) as hecho_ventas
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

select count(*) as filas
from mart.clientes_nuevos_recurrentes_historico
where fecha_corte = %(fecha)s::date;
