-- Which part of which accounts is a customer's, as known by the day.
-- Grain: one row per account and time in which nothing of it changes. fecha is the business day on which it became
-- known; otras are the parts of the others, of the main holder.
select
    titular.cliente_id,
    titular.cuenta_id,
    conocida.vigente_desde as fecha,
    titular.desde,
    titular.hasta,
    titular.rol,
    titular.participacion,
    titular.de,
    array_to_string(titular.otras, ' ') as otras
from dw.titularidad as titular
left join dw.dim_titular as conocida
    on
        titular.cuenta_id = conocida.cuenta_id
        and titular.cliente_id = conocida.cliente_id
        and dw.vigente(conocida.vigente_desde, conocida.vigente_hasta, titular.desde)
where
    titular.cliente_id = %(cliente_id)s
    and titular.desde <= %(fecha)s::date
order by titular.cuenta_id, titular.desde
