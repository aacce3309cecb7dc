-- Who was a customer on the day and answers to a text: the beginning of the id, or a part of the name.
-- Grain: one row per customer, the first 50.
select
    cliente_id,
    provincia,
    nullif(concat_ws(' ', nombre, apellido), '') as nombre
from dw.dim_cliente
where
    vigente_desde <= %(fecha)s::date
    and vigente_hasta > %(fecha)s::date
    and fecha_alta <= %(fecha)s::date
    and (fecha_baja is null or fecha_baja > %(fecha)s::date)
    and (
        starts_with(cliente_id, upper(%(texto)s))
        or strpos(lower(concat_ws(' ', nombre, apellido)), lower(%(texto)s)) > 0
    )
order by cliente_id
limit 50
