-- The accounts that are open at the end of the day and that a customer holds then. Grain: one row per account.
-- fecha is the business day on which the version became known; otras are the parts of the others, of the main holder.
select
    cuenta.cuenta_id,
    cuenta.vigente_desde as fecha,
    cuenta.tipo,
    cuenta.moneda,
    cuenta.fecha_apertura,
    cuenta.saldo_inicial,
    titular.rol,
    titular.participacion,
    titular.de,
    array_to_string(titular.otras, ' ') as otras
from dw.titularidad as titular
inner join dw.dim_cuenta as cuenta
    on
        titular.cuenta_id = cuenta.cuenta_id
        and dw.vigente(cuenta.vigente_desde, cuenta.vigente_hasta, %(fecha)s::date)
where
    titular.cliente_id = %(cliente_id)s
    and dw.vigente(titular.desde, titular.hasta, %(fecha)s::date)
    and dw.es_cliente(coalesce(cuenta.fecha_apertura, cuenta.vigente_desde), cuenta.fecha_cierre, %(fecha)s::date)
order by cuenta.cuenta_id
