-- What is known of the cards that statements refer to.
-- Grain: one row per tarjeta_id of any row, rejected ones included. Input: typed rows of the entity, all of those keys.

drop table if exists %(conocidos)s;

create unlogged table %(conocidos)s as
select
    tarjeta_id as _tarjetas,
    min(fecha) filter (where _estado is null) as _tarjetas_conocida,
    coalesce(bool_or(_estado > 0), false) as _tarjetas_rechazado
from %(tipadas)s
where tarjeta_id is not null
group by tarjeta_id;

-- for the joins with the rows that refer to them: each key is there once
analyze %(conocidos)s;
