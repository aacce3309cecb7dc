-- envio_mensual, for this transaction: what customers were charged for shipping, and what carriers were paid.
-- Grain: one row per month, of the last 14 as of fecha, from the first one with an order whose charge is known; none
-- where no charge is. Inputs: dw.hecho_pedidos, dw.hecho_envios.

create temporary table envio_mensual on commit drop as
with cargo as (
    select
        dw.mes(fecha) as mes,
        sum(cargo_envio) as ingresos
    from dw.hecho_pedidos
    where
        fecha between (
            select min(meses.mes) from mart.meses(%(inicio)s::date, %(fecha)s::date, 14) as meses
        ) and %(fecha)s::date
        and lineas > 0
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
        and cargo_envio is not null
    group by dw.mes(fecha)
),

pago as (
    select
        dw.mes(fecha) as mes,
        sum(costo_envio) filter (where costo_conocido <= %(fecha)s::date) as costo
    from dw.hecho_envios
    where
        fecha between (select min(cargo.mes) from cargo) and %(fecha)s::date
        -- a shipment that was not made costs nothing; one of an order that was returned does
        and dw.sin_anular(fecha_cancelacion, %(fecha)s::date)
        and 'envios' = any(%(entidades)s::text[])
    group by dw.mes(fecha)
)

select
    coalesce(cargo.mes, pago.mes) as mes,
    coalesce(cargo.ingresos, 0) as ingresos,
    -- no shipment cost nothing; of shipments without any known cost, it is not known
    case
        when pago.mes is not null then pago.costo
        when 'envios' = any(%(entidades)s::text[]) then 0
    end as costo
from cargo
full outer join pago
    on cargo.mes = pago.mes;
