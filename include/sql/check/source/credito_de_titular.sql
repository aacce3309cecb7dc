-- Every loan, open card and standing order that names only its account, and of which something became known on the days
-- that the run touched, is of an account that somebody holds on the business day: else it is nobody's.

with credito as materialized (
    select
        cuenta_id,
        prestamo_id as codigo,
        'loan ' || prestamo_id as que
    from dw.historia_prestamos
    where
        fecha = any(%(dias)s::date[])
        and fecha <= %(fecha)s::date
        and cliente_id = ''
        and coalesce(estado, 'vigente') not in ('cancelado', 'refinanciado')
    union
    select
        cuenta_id,
        tarjeta_id as codigo,
        -- its whole number would be good for paying
        'card ending in ' || right(tarjeta_id, 4) as que
    from dw.historia_tarjetas
    where
        fecha = any(%(dias)s::date[])
        and fecha <= %(fecha)s::date
        and cliente_id = ''
        and coalesce(fecha_baja, date '9999-12-31') > %(fecha)s::date
    union
    select
        cuenta_id,
        orden_id as codigo,
        'standing order ' || orden_id as que
    from dw.historia_ordenes_permanentes
    where
        fecha = any(%(dias)s::date[])
        and fecha <= %(fecha)s::date
        and cliente_id = ''
        and coalesce(hasta, date '9999-12-31') > %(fecha)s::date
)

select
    count(*) as hallazgos,
    min(credito.que) as ejemplo
from credito
left join dw.titularidad as titular
    on
        credito.cuenta_id = titular.cuenta_id
        and dw.vigente(titular.desde, titular.hasta, %(fecha)s::date)
where titular.cuenta_id is null;
