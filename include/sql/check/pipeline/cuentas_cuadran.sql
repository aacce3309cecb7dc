-- For each landing file of accounts, their holders, balances and rates and day that the run touched, the star has as
-- many rows as the file had, and their sum is the same.

with estrella as (
    select
        'cuentas' as entidad,
        vigente_desde as fecha,
        count(*) as filas,
        sum(saldo_inicial) as suma
    from dw.dim_cuenta
    where vigente_desde = any(%(dias_del_mes)s::date[])
    group by vigente_desde
    union all
    select
        'titulares_cuenta' as entidad,
        vigente_desde as fecha,
        count(*) as filas,
        sum(participacion) as suma
    from dw.dim_titular
    where vigente_desde = any(%(dias_del_mes)s::date[])
    group by vigente_desde
    union all
    select
        'saldos' as entidad,
        fecha,
        count(*) as filas,
        sum(saldo) as suma
    from dw.hecho_saldos
    where fecha = any(%(dias_del_mes)s::date[])
    group by fecha
    union all
    select
        'cotizaciones' as entidad,
        vigente_desde as fecha,
        count(*) as filas,
        sum(cotizacion) as suma
    from dw.dim_cotizacion
    where vigente_desde = any(%(dias_del_mes)s::date[])
    group by vigente_desde
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
            and entidad in ('cuentas', 'titulares_cuenta', 'saldos', 'cotizaciones')
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
