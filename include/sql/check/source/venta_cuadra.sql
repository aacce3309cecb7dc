-- The total of an order is the sum of its lines, all known on the day of the order. Checks the orders of which
-- something became known on the days that the run touched; those without any line are left to pedido_con_lineas.

with tocada as (
    select
        cliente_id,
        venta_id,
        fecha_venta
    from dw.historia_ventas
    where fecha = any(%(dias)s::date[])
    union
    select
        cliente_id,
        venta_id,
        fecha as fecha_venta
    from dw.hecho_ventas
    where fecha = any(%(dias)s::date[])
),

pedido as (
    select
        tocada.cliente_id,
        tocada.venta_id,
        tocada.fecha_venta,
        min(historia_ventas.total) as total,
        max(historia_ventas.total) as otro_total,
        min(historia_ventas.fecha) as conocida
    from tocada
    left join dw.historia_ventas as historia_ventas
        on
            tocada.cliente_id = historia_ventas.cliente_id
            and tocada.venta_id = historia_ventas.venta_id
            and tocada.fecha_venta = historia_ventas.fecha_venta
    group by tocada.cliente_id, tocada.venta_id, tocada.fecha_venta
),

lineas as (
    select
        cliente_id,
        venta_id,
        fecha,
        sum(importe) as importe
    from dw.hecho_ventas
    where fecha >= (select min(pedido.fecha_venta) from pedido)
    group by cliente_id, venta_id, fecha
),

con_lineas as (
    select distinct
        cliente_id,
        venta_id
    from lineas
)

select
    count(*) as hallazgos,
    min(
        pedido.venta_id || ' of ' || pedido.fecha_venta
        || case
            when pedido.total is null then ', lines without an order'
            when lineas.importe is null then ', other days than its lines'
            when pedido.total <> lineas.importe then ', another total than its lines'
            else ', other days than its lines'
        end
    ) as ejemplo
from pedido
left join lineas
    on
        pedido.cliente_id = lineas.cliente_id
        and pedido.venta_id = lineas.venta_id
        and pedido.fecha_venta = lineas.fecha
left join con_lineas
    on
        pedido.cliente_id = con_lineas.cliente_id
        and pedido.venta_id = con_lineas.venta_id
where
    (lineas.importe is not null or con_lineas.venta_id is not null)
    and (
        pedido.total is distinct from lineas.importe
        or pedido.otro_total is distinct from pedido.total
        or pedido.conocida is distinct from pedido.fecha_venta
    );
