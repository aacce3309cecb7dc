-- prestamo_al_corte, for this transaction: what is owed on each loan on each day of corte.
-- Grain: one row per day and loan granted by then that is neither cancelled nor refinanced. Inputs: corte, of this
-- transaction, dw.historia_prestamos, dw.historia_cuotas, dw.dim_cotizacion.
-- As known by fecha: instalments are what is known of them now, as far as they were paid by the day; state and balance
-- of a loan are those of its version of the day or, before its first version, of that one. Without instalments, nothing
-- is known of what is late or due. Amounts are worth what the rate of the day says.

create temporary table prestamo_al_corte on commit drop as
with version as (
    select
        prestamo_id,
        cliente_id,
        cuenta_id,
        fecha_otorgamiento,
        moneda,
        estado,
        saldo,
        case when row_number() over sucesion = 1 then date '0001-01-01' else fecha end as desde,
        lead(fecha, 1, date '9999-12-31') over sucesion as hasta
    from dw.historia_prestamos
    where fecha <= %(fecha)s::date and 'prestamos' = any(%(entidades)s::text[])
    window sucesion as (partition by prestamo_id order by fecha)
),

cuota as (
    select distinct on (cuota_id)
        cuota_id,
        prestamo_id,
        vencimiento,
        monto,
        capital,
        coalesce(pagado_el, date '9999-12-31') as pagado_el
    from dw.historia_cuotas
    where fecha <= %(fecha)s::date and 'cuotas' = any(%(entidades)s::text[])
    order by cuota_id asc, fecha desc
),

plan as (
    select
        corte.corte,
        cuota.prestamo_id,
        coalesce(sum(coalesce(cuota.capital, cuota.monto)) filter (where cuota.pagado_el > corte.corte), 0) as impago,
        coalesce(
            max(corte.corte - cuota.vencimiento) filter (
                where cuota.pagado_el > corte.corte and cuota.vencimiento < corte.corte
            ),
            0
        ) as dias_mora,
        coalesce(sum(cuota.monto) filter (where dw.mes(cuota.vencimiento) = corte.mes), 0) as cuota_del_mes
    from cuota
    cross join corte
    group by corte.corte, cuota.prestamo_id
)

select
    corte.corte,
    version.prestamo_id,
    version.cliente_id,
    version.cuenta_id,
    plan.dias_mora,
    dw.convertido(coalesce(version.saldo, plan.impago), version.moneda, cotizacion.cotizacion) as deuda,
    dw.convertido(plan.cuota_del_mes, version.moneda, cotizacion.cotizacion) as cuota_del_mes
from version
inner join corte
    on
        version.desde <= corte.corte
        and version.hasta > corte.corte
        and version.fecha_otorgamiento <= corte.corte
left join plan
    on
        version.prestamo_id = plan.prestamo_id
        and corte.corte = plan.corte
left join dw.dim_cotizacion as cotizacion
    on
        version.moneda = cotizacion.moneda
        and corte.corte >= cotizacion.vigente_desde
        and corte.corte < cotizacion.vigente_hasta
where coalesce(version.estado, 'vigente') not in ('cancelado', 'refinanciado');
