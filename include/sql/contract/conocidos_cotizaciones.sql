-- What is known of the currencies that movements refer to.
-- Grain: one row per moneda of any row, rejected ones included. Input: typed rows of the entity, all of those keys.

drop table if exists %(conocidos)s;

create unlogged table %(conocidos)s as
select
    moneda as _cotizaciones,
    min(fecha) filter (where _estado is null) as _cotizaciones_desde,
    coalesce(bool_or(_estado > 0), false) as _cotizaciones_rechazado
from %(tipadas)s
where moneda is not null
group by moneda;

-- for the joins with the rows that refer to them: each key is there once
analyze %(conocidos)s;
