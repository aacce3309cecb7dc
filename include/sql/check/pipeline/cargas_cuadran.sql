-- For each landing file and day that the run touched, the star has as many rows as the file had, and their sum is the
-- same.

with estrella as (
    select
        'clientes' as entidad,
        vigente_desde as fecha,
        count(*) as filas,
        sum(ingresos_mensuales) as suma
    from dw.dim_cliente
    where vigente_desde = any(%(dias)s::date[])
    group by vigente_desde
    union all
    select
        'productos' as entidad,
        vigente_desde as fecha,
        count(*) as filas,
        sum(precio) as suma
    from dw.dim_producto
    where vigente_desde = any(%(dias)s::date[])
    group by vigente_desde
    union all
    select
        'campanias' as entidad,
        vigente_desde as fecha,
        count(*) as filas,
        sum(presupuesto) as suma
    from dw.dim_campania
    where vigente_desde = any(%(dias)s::date[])
    group by vigente_desde
    union all
    select
        'transacciones' as entidad,
        fecha,
        count(*) as filas,
        sum(monto) as suma
    from dw.hecho_transacciones
    where fecha = any(%(dias)s::date[])
    group by fecha
    union all
    select
        'ventas' as entidad,
        fecha,
        count(*) as filas,
        sum(total) as suma
    from dw.historia_ventas
    where fecha = any(%(dias)s::date[])
    group by fecha
    union all
    select
        'detalle_ventas' as entidad,
        fecha,
        count(*) as filas,
        sum(importe) as suma
    from dw.hecho_ventas
    where fecha = any(%(dias)s::date[])
    group by fecha
    union all
    select
        'envios' as entidad,
        fecha,
        count(*) as filas,
        sum(costo_envio) as suma
    from dw.historia_envios
    where fecha = any(%(dias)s::date[])
    group by fecha
    union all
    select
        'contactos_campania' as entidad,
        fecha,
        count(*) as filas,
        0 as suma
    from dw.hecho_contactos
    where fecha = any(%(dias)s::date[])
    group by fecha
    union all
    select
        'movimientos_stock' as entidad,
        fecha,
        count(*) as filas,
        sum(cantidad) as suma
    from dw.hecho_stock
    where fecha = any(%(dias)s::date[])
    group by fecha
)

select
    count(*) as hallazgos,
    min(
        cargas.entidad || ' of ' || cargas.fecha || ': ' || coalesce(estrella.filas, 0) || ' of ' || cargas.filas
        || ' rows, sum ' || coalesce(estrella.suma, 0) || ' of ' || cargas.suma
    ) as ejemplo
from control.cargas as cargas
left join estrella
    on
        cargas.entidad = estrella.entidad
        and cargas.fecha = estrella.fecha
where
    cargas.fecha = any(%(dias)s::date[])
    and cargas.capa <> 'staging'
    and (
        cargas.filas <> coalesce(estrella.filas, 0)
        or cargas.suma <> coalesce(estrella.suma, 0)
    );
