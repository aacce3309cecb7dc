-- The cards of a customer, of accounts that the customer holds on the day, and of statements that name the customer, as
-- last known by then. Grain: one row per card. primera is the business day on which the card became known.
with propia as (
    select tarjeta_id
    from dw.historia_tarjetas
    where cliente_id = %(cliente_id)s or cuenta_id = any(%(cuentas)s::text[])
    union
    select tarjeta_id
    from dw.historia_resumenes
    where cliente_id = %(cliente_id)s
)

select distinct on (tarjeta.tarjeta_id)
    tarjeta.cliente_id,
    tarjeta.tarjeta_id,
    tarjeta.fecha,
    tarjeta.cuenta_id,
    tarjeta.moneda,
    tarjeta.limite,
    tarjeta.fecha_alta,
    tarjeta.fecha_baja,
    min(tarjeta.fecha) over (partition by tarjeta.tarjeta_id) as primera
from dw.historia_tarjetas as tarjeta
inner join propia
    on tarjeta.tarjeta_id = propia.tarjeta_id
where tarjeta.fecha <= %(fecha)s::date
order by tarjeta.tarjeta_id asc, tarjeta.fecha desc
