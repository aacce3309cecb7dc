-- cuenta_de_cliente, for this transaction: the accounts that are held at the end of the day fecha.
-- Grain: one row per account that is open and customer who holds it. Inputs: dw.titularidad, dw.dim_cuenta.
-- parte is the fraction of the account that is the customer's, 0 for who has none; dw.parte divides amounts.

create temporary table cuenta_de_cliente on commit drop as
select
    titular.cuenta_id,
    titular.cliente_id,
    titular.rol,
    titular.participacion,
    titular.de,
    titular.otras,
    cuenta.tipo,
    cuenta.saldo_inicial,
    cuenta.moneda,
    titular.participacion / titular.de as parte,
    titular.otras is not null as principal,
    coalesce(cuenta.fecha_apertura, cuenta.vigente_desde) as apertura
from dw.titularidad as titular
inner join dw.dim_cuenta as cuenta
    on
        titular.cuenta_id = cuenta.cuenta_id
        and dw.vigente(cuenta.vigente_desde, cuenta.vigente_hasta, %(fecha)s::date)
where
    dw.vigente(titular.desde, titular.hasta, %(fecha)s::date)
    and dw.es_cliente(coalesce(cuenta.fecha_apertura, cuenta.vigente_desde), cuenta.fecha_cierre, %(fecha)s::date)
    and array['cuentas', 'titulares_cuenta'] <@ %(entidades)s::text[];

analyze cuenta_de_cliente;
