-- canal_mensual, for this transaction: what was sold and what came back, by channel, branch, seller and month.
-- Grain: one row per channel, branch, seller and month, of the last 13 as of fecha.
-- Inputs: dw.hecho_pedidos, dw.hecho_devoluciones.

create temporary table canal_mensual on commit drop as
with venta as (
    select
        coalesce(canal, 'sin_dato') as canal,
        coalesce(sucursal, 'sin_dato') as sucursal,
        coalesce(vendedor, 'sin_dato') as vendedor,
        dw.mes(fecha) as mes,
        count(*) as pedidos,
        sum(importe) as ingresos,
        sum(cargo_envio) as cargo_envio,
        0 as devuelto,
        count(coalesce(canal, sucursal, vendedor)) as conocidos
    from dw.hecho_pedidos
    where
        fecha between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and lineas > 0
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
        and array['ventas', 'detalle_ventas'] <@ %(entidades)s::text[]
    group by
        coalesce(canal, 'sin_dato'), coalesce(sucursal, 'sin_dato'), coalesce(vendedor, 'sin_dato'), dw.mes(fecha)
),

devolucion as (
    select
        coalesce(pedido.canal, 'sin_dato') as canal,
        coalesce(pedido.sucursal, 'sin_dato') as sucursal,
        coalesce(pedido.vendedor, 'sin_dato') as vendedor,
        dw.mes(devolucion.fecha) as mes,
        0 as pedidos,
        0 as ingresos,
        null::numeric as cargo_envio,
        sum(devolucion.monto) as devuelto,
        0 as conocidos
    from dw.hecho_devoluciones as devolucion
    left join dw.hecho_pedidos as pedido
        on
            devolucion.cliente_id = pedido.cliente_id
            and devolucion.venta_id = pedido.venta_id
    where
        devolucion.fecha between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and dw.sin_anular(devolucion.fecha_anulacion, %(fecha)s::date)
        and 'devoluciones' = any(%(entidades)s::text[])
    group by
        coalesce(pedido.canal, 'sin_dato'), coalesce(pedido.sucursal, 'sin_dato'),
        coalesce(pedido.vendedor, 'sin_dato'), dw.mes(devolucion.fecha)
),

reunida as (
    select * from venta
    union all
    select * from devolucion
)

select
    canal,
    sucursal,
    vendedor,
    mes,
    sum(pedidos) as pedidos,
    sum(ingresos) as ingresos,
    sum(cargo_envio) as cargo_envio,
    sum(devuelto) as devuelto,
    sum(ingresos - devuelto) as neto,
    sum(conocidos) as conocidos
from reunida
group by canal, sucursal, vendedor, mes;
