-- For each landing file of cards, statements, loans, instalments and standing orders, and each day that the run
-- touched, the star has as many rows as the file had, and their sum is the same.

with estrella as (
    select
        'tarjetas' as entidad,
        fecha,
        count(*) as filas,
        sum(limite) as suma
    from dw.historia_tarjetas
    where fecha = any(%(dias_del_mes)s::date[])
    group by fecha
    union all
    select
        'resumenes' as entidad,
        fecha,
        count(*) as filas,
        sum(total) as suma
    from dw.historia_resumenes
    where fecha = any(%(dias_del_mes)s::date[])
    group by fecha
    union all
    select
        'prestamos' as entidad,
        fecha,
        count(*) as filas,
        sum(monto) as suma
    from dw.historia_prestamos
    where fecha = any(%(dias_del_mes)s::date[])
    group by fecha
    union all
    select
        'cuotas' as entidad,
        fecha,
        count(*) as filas,
        sum(monto) as suma
    from dw.historia_cuotas
    where fecha = any(%(dias_del_mes)s::date[])
    group by fecha
    union all
    select
        'ordenes_permanentes' as entidad,
        fecha,
        count(*) as filas,
        sum(monto) as suma
    from dw.historia_ordenes_permanentes
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
            and entidad in ('tarjetas', 'resumenes', 'prestamos', 'cuotas', 'ordenes_permanentes')
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
