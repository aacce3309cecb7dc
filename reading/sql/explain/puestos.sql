-- The place of a customer's figures among those of all customers of the day. Grain: one row per figure that has a
-- quintile: how many have one, how many a smaller and how many the same.
with cliente as (
    select
        cliente_id,
        'ingresos_mensuales' as cifra,
        ingresos_mensuales as valor
    from mart.cliente_360_historico
    where fecha_corte = %(fecha)s::date
    union all
    select
        cliente_id,
        'ultima_compra' as cifra,
        extract(epoch from ultima_compra) as valor
    from mart.cliente_360_historico
    where fecha_corte = %(fecha)s::date and primera_compra is not null
    union all
    select
        cliente_id,
        'compras_12m' as cifra,
        compras_12m as valor
    from mart.cliente_360_historico
    where fecha_corte = %(fecha)s::date and primera_compra is not null
    union all
    select
        cliente_id,
        'monto_neto_12m' as cifra,
        coalesce(monto_neto_12m, monto_compras_12m) as valor
    from mart.cliente_360_historico
    where fecha_corte = %(fecha)s::date and primera_compra is not null
)

select
    propia.cifra,
    count(*) as clientes,
    count(*) filter (where cliente.valor < propia.valor) as menores,
    count(*) filter (where cliente.valor = propia.valor) as iguales
from cliente as propia
inner join cliente
    on propia.cifra = cliente.cifra
where
    propia.cliente_id = %(cliente_id)s
    and cliente.valor is not null
    and propia.valor is not null
group by propia.cifra
order by propia.cifra
