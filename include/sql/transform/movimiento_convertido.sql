-- dw.hecho_transacciones again: what movements in another currency were worth on their day, by the rates that dimension
-- has just filled in the same transaction, from the first day of which a rate can have changed.
-- Grain: one row per bank movement. Input: dw.dim_cotizacion. Their days are to be summed again.

create temporary table dia_convertido on commit drop as
select distinct movimiento.fecha
from dw.hecho_transacciones as movimiento
inner join dw.dim_cotizacion as cotizacion
    on
        movimiento.moneda = cotizacion.moneda
        and movimiento.fecha >= cotizacion.vigente_desde
        and movimiento.fecha < cotizacion.vigente_hasta
where
    movimiento.fecha >= %(desde)s::date
    and movimiento.monto <> dw.convertido(movimiento.monto_original, movimiento.moneda, cotizacion.cotizacion);

select control.sum_again('transacciones', (select array_agg(fecha) from dia_convertido));

update dw.hecho_transacciones as movimiento
set monto = dw.convertido(movimiento.monto_original, movimiento.moneda, cotizacion.cotizacion)
from dw.dim_cotizacion as cotizacion
where
    movimiento.fecha >= %(desde)s::date
    and movimiento.moneda = cotizacion.moneda
    and movimiento.fecha >= cotizacion.vigente_desde
    and movimiento.fecha < cotizacion.vigente_hasta
    and movimiento.monto <> dw.convertido(movimiento.monto_original, movimiento.moneda, cotizacion.cotizacion);
