-- For each landing file and day that the run touched, the star has as many rows as the file had, and their sum is the
-- same. Those of accounts are in cuentas_cuadran, those of credit in cargas_de_credito_cuadran.

with estrella as (
    select
        'clientes' as entidad,
        vigente_desde as fecha,
        count(*) as filas,
        sum(ingresos_mensuales) as suma
    from dw.dim_cliente
    where vigente_desde = any(%(dias_del_mes)s::date[])
    group by vigente_desde
    union all
    select
        'productos' as entidad,
        vigente_desde as fecha,
        count(*) as filas,
        sum(precio) as suma
    from dw.dim_producto
    where vigente_desde = any(%(dias_del_mes)s::date[])
    group by vigente_desde
    union all
    select
        'campanias' as entidad,
        vigente_desde as fecha,
        count(*) as filas,
        sum(presupuesto) as suma
    from dw.dim_campania
    where vigente_desde = any(%(dias_del_mes)s::date[])
    group by vigente_desde
    union all
    select
        'transacciones' as entidad,
        fecha,
        count(*) as filas,
        sum(coalesce(monto_original, monto)) as suma
    from dw.hecho_transacciones
    where fecha = any(%(dias_del_mes)s::date[])
    group by fecha
    union all
    select
        'ventas' as entidad,
        fecha,
        count(*) as filas,
        sum(total) as suma
    from dw.historia_ventas
    where fecha = any(%(dias_del_mes)s::date[])
    group by fecha
    union all
    select
        'detalle_ventas' as entidad,
        fecha,
        count(*) as filas,
        sum(importe) as suma
    from dw.hecho_ventas
    where fecha = any(%(dias_del_mes)s::date[])
    group by fecha
    union all
    select
        'envios' as entidad,
        fecha,
        count(*) as filas,
        sum(costo_envio) as suma
    from dw.historia_envios
    where fecha = any(%(dias_del_mes)s::date[])
    group by fecha
    union all
    select
        'devoluciones' as entidad,
        fecha,
        count(*) as filas,
        sum(monto) as suma
    from dw.hecho_devoluciones
    where fecha = any(%(dias_del_mes)s::date[])
    group by fecha
    union all
    select
        'pagos_venta' as entidad,
        fecha,
        count(*) as filas,
        sum(monto) as suma
    from dw.hecho_pagos
    where fecha = any(%(dias_del_mes)s::date[])
    group by fecha
    union all
    select
        'contactos_campania' as entidad,
        fecha,
        count(*) as filas,
        0 as suma
    from dw.hecho_contactos
    where fecha = any(%(dias_del_mes)s::date[])
    group by fecha
    union all
    select
        'movimientos_stock' as entidad,
        fecha,
        count(*) as filas,
        sum(cantidad) as suma
    from dw.hecho_stock
    where fecha = any(%(dias_del_mes)s::date[])
    group by fecha
),

-- grouped, not joined, so that no statistics can make it slow
cotejo as (
    select
        entidad,
        fecha,
        max(filas_entregadas) as filas_entregadas,
        max(suma_entregada) as suma_entregada,
        coalesce(sum(filas), 0) as filas,
        coalesce(sum(suma), 0) as suma
    from (
        select
            entidad,
            fecha,
            filas as filas_entregadas,
            suma as suma_entregada,
            null as filas,
            null as suma
        from control.cargas
        where
            fecha = any(%(dias_del_mes)s::date[])
            and capa <> 'staging'
            and entidad not in (
                'cuentas', 'titulares_cuenta', 'saldos', 'cotizaciones',
                'tarjetas', 'resumenes', 'prestamos', 'cuotas', 'ordenes_permanentes'
            )
        union all
        select
            entidad,
            fecha,
            null as filas_entregadas,
            null as suma_entregada,
            filas,
            suma
        from estrella
    ) as ambas
    group by entidad, fecha
)

select
    count(*) as hallazgos,
    min(
        entidad || ' of ' || fecha || ': ' || filas || ' of ' || filas_entregadas
        || ' rows, sum ' || suma || ' of ' || suma_entregada
    ) as ejemplo
from cotejo
where filas <> filas_entregadas or suma <> suma_entregada;
