-- The movements in another currency of the days that the run touched are worth what the rate of their day says, and
-- others are as they were delivered.

select
    count(*) as hallazgos,
    min(movimiento.transaccion_id || ' of ' || movimiento.fecha || ', in ' || movimiento.moneda) as ejemplo
from dw.hecho_transacciones as movimiento
left join dw.dim_cotizacion as cotizacion
    on
        movimiento.moneda = cotizacion.moneda
        and dw.vigente(cotizacion.vigente_desde, cotizacion.vigente_hasta, movimiento.fecha)
where
    movimiento.fecha = any(%(dias)s::date[])
    and movimiento.moneda is not null
    and movimiento.monto
    is distinct from dw.convertido(movimiento.monto_original, movimiento.moneda, cotizacion.cotizacion);
