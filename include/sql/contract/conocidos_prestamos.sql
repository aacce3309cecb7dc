-- What is known of the loans that instalments refer to.
-- Grain: one row per prestamo_id of any row, rejected ones included. Input: typed rows of the entity, all of those
-- keys.

drop table if exists %(conocidos)s;

create unlogged table %(conocidos)s as
select
    prestamo_id as _prestamos,
    min(fecha) filter (where _estado is null) as _prestamos_conocido,
    coalesce(bool_or(_estado > 0), false) as _prestamos_rechazado
from %(tipadas)s
where prestamo_id is not null
group by prestamo_id;

-- for the joins with the rows that refer to them: each key is there once
analyze %(conocidos)s;
