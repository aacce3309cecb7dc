-- dw.hecho_devoluciones, partitioned by month.
-- Grain: one row per return. Input: the days of staging.devoluciones from desde to hasta that wait there.
-- A day that is delivered again replaces what it delivered before.

delete from dw.hecho_devoluciones as hecho_devoluciones
using control.cargas as dia
where
    dia.entidad = 'devoluciones'
    and dia.capa = 'staging'
    and hecho_devoluciones.fecha = dia.fecha
    and hecho_devoluciones.fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.hecho_devoluciones (cliente_id, fecha, devolucion_id, venta_id, linea, producto_id, cantidad, monto)
select
    cliente_id,
    fecha,
    devolucion_id,
    venta_id,
    linea,
    producto_id,
    cantidad,
    monto
from staging.devoluciones
where fecha between %(desde)s::date and %(hasta)s::date;
