-- What is known of the customers that movements, orders and contacts refer to, and when they are customers.
-- Grain: one row per cliente_id of any row, rejected ones included. Input: typed rows of the entity, all of those keys.

drop table if exists %(conocidos)s;

create unlogged table %(conocidos)s as
with version as (
    select
        cliente_id,
        fecha,
        dw.dias_de_cliente(
            fecha,
            lead(fecha, 1, date '9999-12-31') over (partition by cliente_id order by fecha),
            fecha_alta,
            fecha_baja
        ) as dias
    from %(tipadas)s
    where _estado is null
),

aceptado as (
    select
        cliente_id,
        min(fecha) as conocido,
        range_agg(dias) as dias
    from version
    group by cliente_id
),

nombrado as (
    select
        cliente_id,
        bool_or(_estado > 0) as rechazado
    from %(tipadas)s
    where cliente_id is not null
    group by cliente_id
)

select
    nombrado.cliente_id as _clientes,
    aceptado.conocido as _clientes_conocido,
    aceptado.dias as _clientes_dias,
    coalesce(nombrado.rechazado, false) as _clientes_rechazado
from nombrado
left join aceptado
    on nombrado.cliente_id = aceptado.cliente_id;

-- for the joins with the rows that refer to them: each key is there once
analyze %(conocidos)s;
