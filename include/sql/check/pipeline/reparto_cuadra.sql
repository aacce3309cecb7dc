-- What is divided among the holders of an account adds up to it, to the cent: the movements that name only their
-- account, of the months that the run touched, in the parts of who holds it on the last day, or on the business day.

with movida as materialized (
    select
        cuenta_id,
        least(dw.ultimo_dia(mes), %(fecha)s::date) as dia,
        coalesce(ingresos, 0) as ingresos,
        aguinaldo + compra_tarjeta + pago_servicio + debito_automatico + extraccion_cajero as otros,
        coalesce(ingresos_totales, 0) - coalesce(egresos_totales, 0) as ahorro
    from mart.gasto_mensual
    where mes = %(mes)s::date and cliente_id = ''
),

repartida as (
    select
        movida.cuenta_id,
        min(movida.ingresos + movida.otros + movida.ahorro) as monto,
        sum(
            dw.parte(movida.ingresos, titular.participacion, titular.de, titular.otras)
            + dw.parte(movida.otros, titular.participacion, titular.de, titular.otras)
            + dw.parte(movida.ahorro, titular.participacion, titular.de, titular.otras)
        ) as partes
    from dw.titularidad as titular
    inner join movida
        on
            titular.cuenta_id = movida.cuenta_id
            and dw.vigente(titular.desde, titular.hasta, movida.dia)
    group by movida.cuenta_id
)

select
    count(*) as hallazgos,
    min('the movements of an account in the month of ' || %(mes)s::date) as ejemplo
from repartida
where monto is distinct from partes;
