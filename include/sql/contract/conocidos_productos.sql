-- What is known of the products that order lines and stock movements refer to.
-- Grain: one row per producto_id of any row, rejected ones included. Input: typed rows of the entity, all of
-- those keys.

drop table if exists %(conocidos)s;

create unlogged table %(conocidos)s as
select
    producto_id as _productos,
    min(fecha_alta) filter (where _estado is null) as _productos_desde,
    coalesce(bool_or(_estado > 0), false) as _productos_rechazado
from %(tipadas)s
where producto_id is not null
group by producto_id;

-- for the joins with the rows that refer to them: each key is there once
analyze %(conocidos)s;
