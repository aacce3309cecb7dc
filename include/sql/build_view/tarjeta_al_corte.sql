-- tarjeta_al_corte, for this transaction: the cards that are open on each day of corte.
-- Grain: one row per day and card. Inputs: corte, of this transaction, dw.historia_tarjetas.
-- A card is what its version of the day says or, before the first version, that one. What is owed on it is not known
-- where the source has no statements; where it has, they say so.

create temporary table tarjeta_al_corte on commit drop as
with version as (
    select
        cliente_id,
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
    version.cliente_id,
    version.limite,
    case when 'resumenes' = any(%(entidades)s::text[]) then 0 end as conocido
from version
inner join corte
    on
        version.desde <= corte.corte
        and version.hasta > corte.corte
        and version.abre <= corte.corte
        and version.cierra > corte.corte;
