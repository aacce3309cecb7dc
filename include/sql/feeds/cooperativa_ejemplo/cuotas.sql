-- An instalment is known from the day of its loan, and once it is paid, from that day on as paid.

select
    plan._archivo,
    plan._linea,
    plan.prestamo as prestamo_id,
    prestamos.socio as cliente_id,
    plan.cuota as numero,
    plan.importe as monto,
    plan.capital,
    null as pagado_el,
    plan.prestamo || '-' || plan.cuota as cuota_id,
    fecha(prestamos.otorgado, 'DD/MM/YYYY') as fecha,
    fecha(plan.vence, 'DD/MM/YYYY') as vencimiento
from crudo.plan as plan
left join crudo.prestamos as prestamos
    on plan.prestamo = prestamos.prestamo
union all
select
    pagos._archivo,
    pagos._linea,
    pagos.prestamo as prestamo_id,
    prestamos.socio as cliente_id,
    pagos.cuota as numero,
    plan.importe as monto,
    plan.capital,
    fecha(pagos.fecha, 'DD/MM/YYYY') as pagado_el,
    pagos.prestamo || '-' || pagos.cuota as cuota_id,
    fecha(pagos.fecha, 'DD/MM/YYYY') as fecha,
    fecha(plan.vence, 'DD/MM/YYYY') as vencimiento
from crudo.pagos as pagos
left join crudo.plan as plan
    on pagos.prestamo = plan.prestamo and pagos.cuota = plan.cuota
left join crudo.prestamos as prestamos
    on pagos.prestamo = prestamos.prestamo
