-- Each version in a slowly changing dimension ends where the next one begins, and the last one is open.

with version as (
    select
        'a customer' as quien,
        vigente_desde,
        vigente_hasta,
        lead(vigente_desde, 1, date '9999-12-31') over (
            partition by cliente_id order by vigente_desde
        ) as siguiente
    from dw.dim_cliente
    union all
    select
        'product ' || producto_id as quien,
        vigente_desde,
        vigente_hasta,
        lead(vigente_desde, 1, date '9999-12-31') over (
            partition by producto_id order by vigente_desde
        ) as siguiente
    from dw.dim_producto
    union all
    select
        'campaign ' || campania_id as quien,
        vigente_desde,
        vigente_hasta,
        lead(vigente_desde, 1, date '9999-12-31') over (
            partition by campania_id order by vigente_desde
        ) as siguiente
    from dw.dim_campania
    union all
    select
        'an account' as quien,
        vigente_desde,
        vigente_hasta,
        lead(vigente_desde, 1, date '9999-12-31') over (
            partition by cuenta_id order by vigente_desde
        ) as siguiente
    from dw.dim_cuenta
    union all
    select
        'a holder' as quien,
        vigente_desde,
        vigente_hasta,
        lead(vigente_desde, 1, date '9999-12-31') over (
            partition by cliente_id, cuenta_id order by vigente_desde
        ) as siguiente
    from dw.dim_titular
    union all
    select
        'a rate of ' || moneda as quien,
        vigente_desde,
        vigente_hasta,
        lead(vigente_desde, 1, date '9999-12-31') over (
            partition by moneda order by vigente_desde
        ) as siguiente
    from dw.dim_cotizacion
)

select
    count(*) as hallazgos,
    min(quien || ' from ' || vigente_desde || ' to ' || vigente_hasta) as ejemplo
from version
where vigente_hasta <> siguiente;
