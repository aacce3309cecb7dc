-- mart.tiempos_pedidos_historico: how long orders are in each state.
-- Grain: one row per state and month of the order, of the last 13 as of fecha; none where orders have no steps.
-- Input: dw.hecho_pedidos. What is added up is few rows, counted on a cluster where the orders are.

delete from mart.tiempos_pedidos_historico
where fecha_corte = %(fecha)s::date;

insert into mart.tiempos_pedidos_historico (estado, mes, pedidos, dias_media, dias_p90, fecha_corte)
-- the steps in their order, each with the day and the moment at which it was reached
with pedido as (
    select
        dw.mes(fecha) as mes,
        array['creada', 'aprobada', 'facturada', 'despachada', 'entregada'] as estados,
        array[fecha, fecha_aprobada, fecha_facturada, fecha_despachada, fecha_entregada] as fechas,
        array[momento, momento_aprobada, momento_facturada, momento_despachada, momento_entregada] as momentos
    from dw.hecho_pedidos
    where
        fecha between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and 'ventas' = any(%(entidades)s::text[])
        and least(fecha_aprobada, fecha_facturada, fecha_despachada, fecha_entregada) <= %(fecha)s::date
),

-- from each step that is known by fecha to the next one that is
paso as (
    select
        pedido.*,
        paso.desde,
        case
            when paso.desde < 2 and pedido.fechas[2] <= %(fecha)s::date then 2
            when paso.desde < 3 and pedido.fechas[3] <= %(fecha)s::date then 3
            when paso.desde < 4 and pedido.fechas[4] <= %(fecha)s::date then 4
            when pedido.fechas[5] <= %(fecha)s::date then 5
        end as hasta
    from pedido
    cross join unnest(array[1, 2, 3, 4]) as paso (desde)
    where pedido.fechas[paso.desde] <= %(fecha)s::date
),

recuento as (
    select
        estados[desde] as estado,
        mes,
        dw.dias_entre(fechas[desde], momentos[desde], fechas[hasta], momentos[hasta]) as dias,
        count(*) as pedidos
    from paso
    group by estados[desde], mes, dw.dias_entre(fechas[desde], momentos[desde], fechas[hasta], momentos[hasta])
),

acumulada as (
    select
        *,
        sum(pedidos) over (partition by estado, mes order by dias) as hasta,
        sum(pedidos) over (partition by estado, mes) as total
    from recuento
    -- a step that is dated before the one it follows tells no time
    where dias >= 0
)

select
    estado,
    mes,
    sum(pedidos) as pedidos,
    round(sum(dias * pedidos) / sum(pedidos), 1) as dias_media,
    -- as percentile_disc finds it
    min(dias) filter (where hasta >= ceil(0.9::double precision * total)) as dias_p90,
    %(fecha)s::date as fecha_corte
from acumulada
group by estado, mes;
