-- The statements of some cards, and of cards of which one names the customer, that were closed by the day, as last
-- known by then. Grain: one row per statement.
with ultima as (
    select distinct on (resumen_id)
        cliente_id,
        resumen_id,
        fecha,
        tarjeta_id,
        fecha_cierre,
        fecha_vencimiento,
        total,
        minimo,
        pagado,
        pagado_el
    from dw.historia_resumenes
    where
        fecha <= %(fecha)s::date
        and (
            tarjeta_id = any(%(tarjetas)s::text[])
            or tarjeta_id in (
                select resumen.tarjeta_id
                from dw.historia_resumenes as resumen
                where resumen.cliente_id = %(cliente_id)s
            )
        )
    order by resumen_id asc, fecha desc
)

select ultima.*
from ultima
where ultima.fecha_cierre <= %(fecha)s::date
order by ultima.tarjeta_id asc, ultima.fecha_cierre desc, ultima.resumen_id desc
