-- tarjeta_al_corte, for this transaction: what is known of each card on each day of corte.
-- Grain: one row per day and card. Inputs: corte, of this transaction, dw.historia_tarjetas, dw.dim_cotizacion.
-- A card is what its version of the day says or, before the first version, that one. cotizacion is what its currency
-- is worth on the day.

create temporary table tarjeta_al_corte on commit drop as
with version as (
    select
        tarjeta_id,
        cliente_id,
        cuenta_id,
        moneda,
        limite,
        coalesce(fecha_alta, min(fecha) over (partition by tarjeta_id)) as abre,
        coalesce(fecha_baja, date '9999-12-31') as cierra,
        case when row_number() over sucesion = 1 then date '0001-01-01' else fecha end as desde,
        lead(fecha, 1, date '9999-12-31') over sucesion as hasta
    from dw.historia_tarjetas
    where fecha <= %(fecha)s::date and 'tarjetas' = any(%(entidades)s::text[])
    window sucesion as (partition by tarjeta_id order by fecha)
)

select
    corte.corte,
    version.tarjeta_id,
    version.cliente_id,
    version.cuenta_id,
    version.moneda,
    cotizacion.cotizacion,
    dw.convertido(version.limite, version.moneda, cotizacion.cotizacion) as limite,
    version.abre <= corte.corte and version.cierra > corte.corte as abierta
from version
inner join corte
    on
        version.desde <= corte.corte
        and version.hasta > corte.corte
left join dw.dim_cotizacion as cotizacion
    on
        version.moneda = cotizacion.moneda
        and corte.corte >= cotizacion.vigente_desde
        and corte.corte < cotizacion.vigente_hasta;
