-- Customers of other days than the one that is looked at, by id or whole name.
-- Grain: one row per customer, the first 5.
select
    cliente_id,
    nullif(concat_ws(' ', nombre, apellido), '') as nombre,
    min(fecha_alta) as fecha_alta,
    -- a leaving that was announced before may have been taken back
    (array_agg(fecha_baja order by vigente_desde desc))[1] as fecha_baja
from dw.dim_cliente
where
    cliente_id = upper(%(texto)s)
    or lower(concat_ws(' ', nombre, apellido)) = lower(%(texto)s)
group by cliente_id, concat_ws(' ', nombre, apellido)
order by cliente_id
limit 5
