-- dw.hecho_transacciones, partitioned by month: into destino, which is the fact or the table of a month that is new.
-- Grain: one row per bank movement. Input: the days of staging.transacciones from desde to hasta that wait there.
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
    sentido, tarjeta_id, cuotas, contraparte, comercio, canal, cuenta_id
)
select
    cliente_id,
    fecha,
    transaccion_id,
    tipo_transaccion,
    monto,
    rubro,
    venta_id,
    momento,
    sentido,
    tarjeta_id,
    cuotas,
    contraparte,
    comercio,
    canal,
    cuenta_id
from staging.transacciones
where fecha between %(desde)s::date and %(hasta)s::date;
