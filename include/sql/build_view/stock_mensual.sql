-- mart.stock_mensual.
-- Grain: one row per product, depot and month with movements. Input: dw.hecho_stock.
-- Only the months from desde to hasta, those the run has touched, are computed again, each whole.

delete from mart.stock_mensual
where mes between dw.mes(%(desde)s::date) and %(hasta)s::date;

insert into mart.stock_mensual (producto_id, deposito, mes, cambio, unidades_vendidas, unidades_dia)
select
    producto_id,
    deposito,
    dw.mes(fecha) as mes,
    trim_scale(sum(cantidad)) as cambio,
    trim_scale(coalesce(-sum(cantidad) filter (where tipo = 'venta'), 0)) as unidades_vendidas,
    trim_scale(sum(cantidad * (dw.ultimo_dia(fecha) - fecha + 1))) as unidades_dia
from dw.hecho_stock
where fecha between dw.mes(%(desde)s::date) and dw.ultimo_dia(%(hasta)s::date)
group by producto_id, deposito, dw.mes(fecha);
