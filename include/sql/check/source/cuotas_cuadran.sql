-- The principal of the instalments of a loan adds up to what was lent, and they are as many as its term says. Checks
-- the loans of which something became known on the days that the run touched, as known now; not those without
-- instalments, nor, of the principal, those of which some instalment has none.

with tocado as (
    select prestamo_id
    from dw.historia_prestamos
    where fecha = any(%(dias)s::date[])
    union
    select prestamo_id
    from dw.historia_cuotas
    where fecha = any(%(dias)s::date[])
),

prestamo as (
    select distinct on (prestamo_id)
        prestamo_id,
        monto,
        plazo,
        estado
    from dw.historia_prestamos
    where
        fecha <= %(fecha)s::date
        and prestamo_id in (select tocado.prestamo_id from tocado)
    order by prestamo_id asc, fecha desc
),

cuota as (
    select distinct on (cuota_id)
        cuota_id,
        prestamo_id,
        capital
    from dw.historia_cuotas
    where
        fecha <= %(fecha)s::date
        and prestamo_id in (select tocado.prestamo_id from tocado)
    order by cuota_id asc, fecha desc
),

plan as (
    select
        prestamo_id,
        count(*) as cuotas,
        case when count(capital) = count(*) then sum(capital) end as capital
    from cuota
    group by prestamo_id
)

select
    count(*) as hallazgos,
    min(
        'loan ' || prestamo.prestamo_id
        || case when plan.cuotas <> prestamo.plazo then ', another term' else ', another principal' end
        || ' than its instalments'
    ) as ejemplo
from prestamo
inner join plan
    on prestamo.prestamo_id = plan.prestamo_id
where
    coalesce(prestamo.estado, 'vigente') <> 'refinanciado'
    and (plan.cuotas <> prestamo.plazo or plan.capital <> prestamo.monto);
