-- What is known of the campaigns that orders and contacts refer to.
-- Grain: one row per campania_id of any row, rejected ones included. Input: typed rows of the entity, all of
-- those keys.

drop table if exists %(conocidos)s;

create unlogged table %(conocidos)s as
select
    campania_id as _campanias,
    min(fecha) filter (where _estado is null) as _campanias_conocida,
    coalesce(bool_or(_estado > 0), false) as _campanias_rechazado
from %(tipadas)s
where campania_id is not null
group by campania_id;

-- for the joins with the rows that refer to them: each key is there once
analyze %(conocidos)s;
