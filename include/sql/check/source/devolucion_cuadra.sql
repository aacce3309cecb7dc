-- No more comes back of a line of an order than was sold of it, in units, and of an order no more than its total.
-- Checks the orders of which something came back on the days that the run touched.

with pedido as (
    select
        cliente_id,
        venta_id,
        min(fecha) as fecha
    from dw.hecho_devoluciones
    where fecha = any(%(dias)s::date[]) and venta_id is not null
    group by cliente_id, venta_id
),

devuelto as (
    select
        devolucion.cliente_id,
        devolucion.venta_id,
        devolucion.linea,
        sum(devolucion.cantidad) as unidades,
        sum(devolucion.monto) as monto
    from dw.hecho_devoluciones as devolucion
    inner join pedido
        on
            devolucion.cliente_id = pedido.cliente_id
            and devolucion.venta_id = pedido.venta_id
    group by devolucion.cliente_id, devolucion.venta_id, devolucion.linea
),

vendido as (
    select
        venta.cliente_id,
        venta.venta_id,
        venta.linea,
        sum(venta.cantidad) as unidades,
        sum(venta.importe) as importe
    from dw.hecho_ventas as venta
    inner join pedido
        on
            venta.cliente_id = pedido.cliente_id
            and venta.venta_id = pedido.venta_id
    group by venta.cliente_id, venta.venta_id, venta.linea
),

pedido_devuelto as (
    select
        cliente_id,
        venta_id,
        sum(monto) as monto
    from devuelto
    group by cliente_id, venta_id
),

pedido_vendido as (
    select
        cliente_id,
        venta_id,
        sum(importe) as importe
    from vendido
    group by cliente_id, venta_id
),

hallazgo as (
    select 'line ' || devuelto.linea || ' of ' || devuelto.venta_id || ': more units than were sold' as que
    from devuelto
    inner join vendido
        on
            devuelto.cliente_id = vendido.cliente_id
            and devuelto.venta_id = vendido.venta_id
            and devuelto.linea = vendido.linea
    where devuelto.unidades > vendido.unidades
    union all
    select pedido_devuelto.venta_id || ': more than its total' as que
    from pedido_devuelto
    inner join pedido_vendido
        on
            pedido_devuelto.cliente_id = pedido_vendido.cliente_id
            and pedido_devuelto.venta_id = pedido_vendido.venta_id
    where pedido_devuelto.monto > pedido_vendido.importe
)

select
    count(*) as hallazgos,
    min(que) as ejemplo
from hallazgo;
