-- How many customers cliente_360 has as of a day and did not have as of an earlier one, and how many it no longer has.
with ahora as (
    select cliente_id
    from mart.cliente_360_historico
    where fecha_corte = %(fecha)s::date
),

antes as (
    select cliente_id
    from mart.cliente_360_historico
    where fecha_corte = %(antes)s::date
)

select
    count(*) filter (where antes.cliente_id is null) as altas,
    count(*) filter (where ahora.cliente_id is null) as bajas
from ahora
full outer join antes on ahora.cliente_id = antes.cliente_id
