-- When people pay, take cash, send and receive transfers, and order: on the four weeks that end on the day, by the hour
-- of the source's time zone. What has no time of day does not count; where no movement has one, or no order, they are
-- unknown. Grain: one row per hour, from 0.
with movimiento as (
    select
        extract(hour from hecho_transacciones.momento at time zone fuentes.zona)::integer as hora,
        count(*) filter (where hecho_transacciones.tipo_transaccion = 'compra_tarjeta') as compras_con_tarjeta,
        count(*) filter (where hecho_transacciones.tipo_transaccion = 'extraccion_cajero') as extracciones,
        count(*) filter (where hecho_transacciones.tipo_transaccion = 'transferencia') as transferencias
    from dw.hecho_transacciones as hecho_transacciones
    cross join control.fuentes as fuentes
    where
        hecho_transacciones.fecha > %(fecha)s::date - 28
        and hecho_transacciones.fecha <= %(fecha)s::date
        and hecho_transacciones.momento is not null
    group by hora
),

pedido as (
    select
        extract(hour from hecho_pedidos.momento at time zone fuentes.zona)::integer as hora,
        count(*) as pedidos
    from dw.hecho_pedidos as hecho_pedidos
    cross join control.fuentes as fuentes
    where
        hecho_pedidos.fecha > %(fecha)s::date - 28
        and hecho_pedidos.fecha <= %(fecha)s::date
        and hecho_pedidos.momento is not null
    group by hora
)

select
    reloj.hora,
    case when count(pedido.hora) over () > 0 then coalesce(pedido.pedidos, 0) end as pedidos,
    case when count(movimiento.hora) over () > 0 then coalesce(movimiento.compras_con_tarjeta, 0) end
        as compras_con_tarjeta,
    case when count(movimiento.hora) over () > 0 then coalesce(movimiento.extracciones, 0) end as extracciones,
    case when count(movimiento.hora) over () > 0 then coalesce(movimiento.transferencias, 0) end as transferencias
from generate_series(0, 23) as reloj (hora)
left join movimiento on reloj.hora = movimiento.hora
left join pedido on reloj.hora = pedido.hora
order by reloj.hora
