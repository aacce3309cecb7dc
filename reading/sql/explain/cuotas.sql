-- The instalments of some loans, as last known by the day. Grain: one row per instalment.
with ultima as (
    select distinct on (cuota_id)
        cliente_id,
        cuota_id,
        fecha,
        prestamo_id,
        numero,
        vencimiento,
        monto,
        capital,
        pagado_el
    from dw.historia_cuotas
    where fecha <= %(fecha)s::date and prestamo_id = any(%(prestamos)s::text[])
    order by cuota_id asc, fecha desc
)

select ultima.*
from ultima
order by ultima.prestamo_id, ultima.vencimiento, ultima.cuota_id
