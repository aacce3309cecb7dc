-- Whoever has a part of an account that is open at the end of the day is a customer then: else that part is in nobody's
-- figures, and those of all customers add up to less than the bank's.

with parte as materialized (
    select
        titular.cuenta_id,
        titular.cliente_id
    from dw.titularidad as titular
    inner join dw.dim_cuenta as cuenta
        on
            titular.cuenta_id = cuenta.cuenta_id
            and dw.vigente(cuenta.vigente_desde, cuenta.vigente_hasta, %(fecha)s::date)
    where
        dw.vigente(titular.desde, titular.hasta, %(fecha)s::date)
        and titular.participacion > 0
        and dw.es_cliente(coalesce(cuenta.fecha_apertura, cuenta.vigente_desde), cuenta.fecha_cierre, %(fecha)s::date)
)

select
    count(*) as hallazgos,
    min('account ' || parte.cuenta_id || ', of somebody who is no customer') as ejemplo
from parte
left join dw.dim_cliente as cliente
    on
        parte.cliente_id = cliente.cliente_id
        and dw.vigente(cliente.vigente_desde, cliente.vigente_hasta, %(fecha)s::date)
where dw.es_cliente(cliente.fecha_alta, cliente.fecha_baja, %(fecha)s::date) is not true;
