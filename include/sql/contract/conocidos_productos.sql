-- What is known of the products that lines and stock movements name.
-- Grain: one row per producto_id, also of those that stand in rejected rows alone. Input: crudo._productos.

drop table if exists crudo._conocidos_productos;

create unlogged table crudo._conocidos_productos as
select
    producto_id as _productos,
    min(fecha_alta) filter (where _estado is null) as _productos_desde,
    coalesce(bool_or(_estado > 0), false) as _productos_rechazado
from crudo._productos
where producto_id is not null
group by producto_id;

-- each key once
analyze crudo._conocidos_productos;
