-- dw.hecho_transacciones, partitioned by month: into destino, which is the fact or the table of a month that is new.
-- Grain: one row per bank movement. Inputs: the days of staging.transacciones from desde to hasta that wait there,
-- dw.dim_cotizacion. monto is what the movement was worth on its day.
-- A day that is delivered again replaces what it delivered before. Days that another run has moved on are left alone.

delete from %(destino)s as hecho_transacciones
using control.cargas as dia
where
    dia.entidad = 'transacciones'
    and dia.capa = 'staging'
    and hecho_transacciones.fecha = dia.fecha
    and hecho_transacciones.fecha between %(desde)s::date and %(hasta)s::date;

insert into %(destino)s (
    cliente_id, fecha, transaccion_id, tipo_transaccion, monto, rubro, venta_id, momento,
    sentido, tarjeta_id, cuotas, contraparte, comercio, canal, cuenta_id, moneda, monto_original
)
select
    movimiento.cliente_id,
    movimiento.fecha,
    movimiento.transaccion_id,
    movimiento.tipo_transaccion,
    dw.convertido(movimiento.monto, movimiento.moneda, cotizacion.cotizacion) as monto,
    movimiento.rubro,
    movimiento.venta_id,
    movimiento.momento,
    movimiento.sentido,
    movimiento.tarjeta_id,
    movimiento.cuotas,
    movimiento.contraparte,
    movimiento.comercio,
    movimiento.canal,
    movimiento.cuenta_id,
    movimiento.moneda,
    case when movimiento.moneda is not null then movimiento.monto end as monto_original
from staging.transacciones as movimiento
left join dw.dim_cotizacion as cotizacion
    on
        movimiento.moneda = cotizacion.moneda
        and movimiento.fecha >= cotizacion.vigente_desde
        and movimiento.fecha < cotizacion.vigente_hasta
where movimiento.fecha between %(desde)s::date and %(hasta)s::date;
