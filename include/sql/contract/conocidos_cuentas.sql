-- What is known of the accounts that movements, holders and balances refer to, and when they are open.
-- Grain: one row per cuenta_id of any row, rejected ones included. Input: typed rows of the entity, all of those keys.

drop table if exists %(conocidos)s;

create unlogged table %(conocidos)s as
with version as (
    select
        cuenta_id,
        fecha,
        dw.dias_de_cliente(
            fecha,
            lead(fecha, 1, date '9999-12-31') over (partition by cuenta_id order by fecha),
            coalesce(fecha_apertura, fecha),
            fecha_cierre
        ) as dias
    from %(tipadas)s
    where _estado is null
),

aceptada as (
    select
        cuenta_id,
        min(fecha) as conocida,
        range_agg(dias) as dias
    from version
    group by cuenta_id
),

nombrada as (
    select
        cuenta_id,
        bool_or(_estado > 0) as rechazada
    from %(tipadas)s
    where cuenta_id is not null
    group by cuenta_id
)

select
    nombrada.cuenta_id as _cuentas,
    aceptada.conocida as _cuentas_conocida,
    aceptada.dias as _cuentas_dias,
    coalesce(nombrada.rechazada, false) as _cuentas_rechazado
from nombrada
left join aceptada
    on nombrada.cuenta_id = aceptada.cuenta_id;

-- for the joins with the rows that refer to them: each key is there once
analyze %(conocidos)s;
