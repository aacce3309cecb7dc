-- The rates of the currencies of which there are any, on the 90 days. Grain: one row per currency and rate.
-- fecha is the first day of the rate.
select
    moneda,
    vigente_desde as fecha,
    vigente_hasta,
    cotizacion
from dw.dim_cotizacion
where
    vigente_desde <= %(fecha)s::date
    and vigente_hasta > %(fecha)s::date - 89
order by moneda, vigente_desde
