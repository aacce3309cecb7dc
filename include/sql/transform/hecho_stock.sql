-- dw.hecho_stock, partitioned by month.
-- Grain: one row per stock movement.
-- Input: the days of staging.movimientos_stock from desde to hasta that wait there.
-- A day that is delivered again replaces what it delivered before. Days that another run has moved on are left alone.

delete from dw.hecho_stock as hecho_stock
using control.cargas as dia
where
    dia.entidad = 'movimientos_stock'
    and dia.capa = 'staging'
    and hecho_stock.fecha = dia.fecha
    and hecho_stock.fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.hecho_stock (producto_id, fecha, movimiento_id, deposito, tipo, cantidad, costo_unitario)
select
    producto_id,
    fecha,
    movimiento_id,
    deposito,
    tipo,
    cantidad,
    costo_unitario
from staging.movimientos_stock
where fecha between %(desde)s::date and %(hasta)s::date;
