-- dw.hecho_pedidos has the lines, the amount, the steps and the annulment of each order of which something became known
-- on the days that the run touched.

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

estado as (
    select
        cliente_id,
        venta_id,
        min(fecha) filter (where estado in ('cancelada', 'devuelta')) as anulada,
        array[
            min(fecha) filter (where estado = 'aprobada'), min(fecha) filter (where estado = 'facturada'),
            min(fecha) filter (where estado = 'despachada'), min(fecha) filter (where estado = 'entregada')
        ] as pasos
    from dw.historia_ventas
    where (cliente_id, venta_id) in (
        select
            tocada.cliente_id,
            tocada.venta_id
        from tocada
    )
    group by cliente_id, venta_id
),

linea as (
    select
        cliente_id,
        venta_id,
        count(*) as lineas,
        sum(importe) as importe
    from dw.hecho_ventas
    where
        fecha >= (select min(tocada.fecha_venta) from tocada)
        and (cliente_id, venta_id) in (
            select
                tocada.cliente_id,
                tocada.venta_id
            from tocada
        )
    group by cliente_id, venta_id
),

hallazgo as (
    select distinct
        tocada.venta_id,
        tocada.fecha_venta,
        pedido.venta_id is not null as tiene_fila
    from tocada
    left join dw.hecho_pedidos as pedido
        on
            tocada.cliente_id = pedido.cliente_id
            and tocada.venta_id = pedido.venta_id
    left join estado
        on
            tocada.cliente_id = estado.cliente_id
            and tocada.venta_id = estado.venta_id
    left join linea
        on
            tocada.cliente_id = linea.cliente_id
            and tocada.venta_id = linea.venta_id
    where
        pedido.venta_id is null
        or pedido.lineas <> coalesce(linea.lineas, 0)
        or pedido.importe is distinct from linea.importe
        or pedido.fecha_anulacion is distinct from estado.anulada
        or array[pedido.fecha_aprobada, pedido.fecha_facturada, pedido.fecha_despachada, pedido.fecha_entregada]
        is distinct from coalesce(estado.pasos, array[null, null, null, null]::date[])
)

select
    count(*) as hallazgos,
    min(
        venta_id || ' of ' || fecha_venta
        || case when tiene_fila then ', which has other lines or states' else ', which has no row' end
    ) as ejemplo
from hallazgo;
