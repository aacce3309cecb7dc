-- An instalment names the customer of its loan, and a statement the one of its card, where both name one. Checks those
-- of which something became known on the days that the run touched, against the newest version of the loan or card.

with prestamo as (
    select distinct on (prestamo_id)
        prestamo_id,
        cliente_id
    from dw.historia_prestamos
    where fecha <= %(fecha)s::date
    order by prestamo_id asc, fecha desc
),

tarjeta as (
    select distinct on (tarjeta_id)
        tarjeta_id,
        cliente_id
    from dw.historia_tarjetas
    where fecha <= %(fecha)s::date
    order by tarjeta_id asc, fecha desc
),

hallazgo as (
    select 'instalment ' || cuota.cuota_id as que
    from dw.historia_cuotas as cuota
    inner join prestamo
        on cuota.prestamo_id = prestamo.prestamo_id
    where
        cuota.fecha = any(%(dias)s::date[])
        and cuota.cliente_id <> prestamo.cliente_id
        and '' not in (cuota.cliente_id, prestamo.cliente_id)
    union all
    select 'statement ' || resumen.resumen_id as que
    from dw.historia_resumenes as resumen
    inner join tarjeta
        on resumen.tarjeta_id = tarjeta.tarjeta_id
    where
        resumen.fecha = any(%(dias)s::date[])
        and resumen.cliente_id <> tarjeta.cliente_id
        and '' not in (resumen.cliente_id, tarjeta.cliente_id)
)

select
    count(*) as hallazgos,
    min(que) as ejemplo
from hallazgo;
