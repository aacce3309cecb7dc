-- The campaigns that contacted a customer in the 365 days. Grain: one row per campaign.
select
    cliente_id,
    fecha,
    campania_id,
    grupo
from dw.hecho_contactos
where
    cliente_id = %(cliente_id)s
    and fecha between %(desde_12m)s::date and %(fecha)s::date
    and grupo = 'tratamiento'
order by fecha, campania_id
