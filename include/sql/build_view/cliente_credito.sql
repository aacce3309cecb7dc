-- cliente_credito, for this transaction: the columns of cliente_360 about what customers owe and hold.
-- Grain: one row per customer who is one at the end of the day fecha. Inputs: cliente_banca, credito_al_corte,
-- cuenta_de_cliente, all of this transaction, dw.dim_cuenta, dw.dim_titular, dw.titularidad, dw.historia_tarjetas,
-- dw.historia_resumenes, dw.historia_prestamos, dw.historia_cuotas, dw.historia_ordenes_permanentes.
-- Of what the source has given nothing by then, nothing is known: null, not 0.

create temporary table cliente_credito on commit drop as
with dada as (
    select
        'prestamos' = any(%(entidades)s::text[])
        and (select min(fecha) from dw.historia_prestamos) <= %(fecha)s::date as prestamos,
        'cuotas' = any(%(entidades)s::text[])
        and (select min(fecha) from dw.historia_cuotas) <= %(fecha)s::date as cuotas,
        'tarjetas' = any(%(entidades)s::text[])
        and (select min(fecha) from dw.historia_tarjetas) <= %(fecha)s::date as tarjetas,
        'resumenes' = any(%(entidades)s::text[])
        and (select min(fecha) from dw.historia_resumenes) <= %(fecha)s::date as resumenes,
        'ordenes_permanentes' = any(%(entidades)s::text[])
        and (select min(fecha) from dw.historia_ordenes_permanentes) <= %(fecha)s::date as ordenes,
        array['cuentas', 'titulares_cuenta'] <@ %(entidades)s::text[]
        and (select min(vigente_desde) from dw.dim_cuenta) <= %(fecha)s::date
        and (select min(vigente_desde) from dw.dim_titular) <= %(fecha)s::date as cuentas_de_clientes
),

-- who is but authorized holds nothing, unless the account is nobody else's
cuenta as (
    select
        cliente_id,
        array_agg(distinct coalesce(tipo, 'cuenta')) as tipos
    from cuenta_de_cliente
    where rol is distinct from 'autorizado' or parte > 0
    group by cliente_id
),

orden as (
    select distinct on (orden_id)
        cliente_id,
        cuenta_id,
        desde <= %(fecha)s::date and coalesce(hasta, date '9999-12-31') > %(fecha)s::date as vigente
    from dw.historia_ordenes_permanentes
    where fecha <= %(fecha)s::date and 'ordenes_permanentes' = any(%(entidades)s::text[])
    order by orden_id asc, fecha desc
),

con_orden as (
    select cliente_id
    from orden
    where vigente
    union
    select titular.cliente_id
    from orden
    inner join dw.titularidad as titular
        on
            orden.cuenta_id = titular.cuenta_id
            and dw.vigente(titular.desde, titular.hasta, %(fecha)s::date)
    where
        orden.vigente
        and orden.cliente_id = ''
        and titular.participacion > 0
        and 'titulares_cuenta' = any(%(entidades)s::text[])
)

select
    banca.cliente_id,
    credito.situacion,
    case
        when (dada.prestamos or dada.resumenes) is not true then null
        when credito.cliente_id is null then 0
        else credito.deuda
    end as deuda_total,
    case
        when dada.cuotas or dada.resumenes
            then round(
                case when credito.cliente_id is null then 0 else credito.vence_en_el_mes end
                / nullif(banca.ingresos_mensuales, 0),
                4
            )
    end as cuota_sobre_ingreso,
    case when dada.resumenes then round(credito.deuda_tarjetas / nullif(credito.limite, 0), 4) end as uso_de_limite,
    case when credito.situacion is not null then credito.dias_mora end as dias_mora_max,
    case
        when dada.prestamos or dada.tarjetas or dada.ordenes or dada.cuentas_de_clientes
            then coalesce(
                (
                    select string_agg(palabra, ', ' order by palabra)
                    from
                        unnest(
                            cuenta.tipos || array[
                                case when con_orden.cliente_id is not null then 'orden_permanente' end,
                                case when credito.prestamo then 'prestamo' end,
                                case when credito.tarjeta then 'tarjeta_credito' end
                            ]
                        ) as palabra
                ),
                'ninguno'
            )
    end as productos
from cliente_banca as banca
cross join dada
left join credito_al_corte as credito
    on banca.cliente_id = credito.cliente_id
left join con_orden
    on banca.cliente_id = con_orden.cliente_id
left join cuenta
    on banca.cliente_id = cuenta.cliente_id;
