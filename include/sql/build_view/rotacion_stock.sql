-- mart.rotacion_stock_historico: stock turnover.
-- Grain: one row per category and month, of the last 13 as of fecha; none where the source lacks
-- products or stock movements.
-- Inputs: mart.stock_mensual for the months before that of fecha, dw.hecho_stock for that month, dw.dim_producto. A
-- movement counts in the mean stock of its month for each day from its own to the last.

delete from mart.rotacion_stock_historico
where fecha_corte = %(fecha)s::date;

insert into mart.rotacion_stock_historico (
    categoria, mes, unidades_vendidas, stock_promedio, rotacion, dias_de_stock, fecha_corte
)
with mes_publicado as (
    select
        mes,
        least(ultimo_dia, %(fecha)s::date) as ultimo_dia,
        least(ultimo_dia, %(fecha)s::date) - greatest(mes, %(inicio)s::date) + 1 as dias
    from mart.meses(%(inicio)s::date, %(fecha)s::date, 13)
    where array['productos', 'movimientos_stock'] <@ %(entidades)s::text[]
),

movimiento as (
    select
        producto_id,
        mes,
        sum(cambio) as cambio,
        sum(unidades_vendidas) as unidades_vendidas,
        sum(unidades_dia) as unidades_dia
    from mart.stock_mensual
    where mes < dw.mes(%(fecha)s::date)
    group by producto_id, mes
    union all
    select
        producto_id,
        dw.mes(%(fecha)s::date) as mes,
        sum(cantidad) as cambio,
        coalesce(-sum(cantidad) filter (where tipo = 'venta'), 0) as unidades_vendidas,
        sum(cantidad * (%(fecha)s::date - fecha + 1)) as unidades_dia
    from dw.hecho_stock
    where fecha between dw.mes(%(fecha)s::date) and %(fecha)s::date
    group by producto_id
),

existencia as (
    select
        mes.mes,
        mes.dias,
        coalesce(producto.categoria, 'sin_dato') as categoria,
        coalesce(sum(movimiento.unidades_vendidas) filter (where movimiento.mes = mes.mes), 0) as unidades_vendidas,
        coalesce(sum(movimiento.cambio) filter (where movimiento.mes < mes.mes), 0) * mes.dias
        + coalesce(sum(movimiento.unidades_dia) filter (where movimiento.mes = mes.mes), 0) as unidades_dia
    from mes_publicado as mes
    inner join dw.dim_producto as producto
        on dw.vigente(producto.vigente_desde, producto.vigente_hasta, mes.ultimo_dia)
    left join movimiento
        on producto.producto_id = movimiento.producto_id and mes.mes >= movimiento.mes
    group by coalesce(producto.categoria, 'sin_dato'), mes.mes, mes.dias
)

select
    categoria,
    mes,
    trim_scale(unidades_vendidas) as unidades_vendidas,
    round(unidades_dia / dias, 2) as stock_promedio,
    -- less than nothing in stock is a mistake of the source: nothing can be compared with it
    case when unidades_dia > 0 then round(unidades_vendidas * dias / unidades_dia, 4) end as rotacion,
    case when unidades_dia >= 0 then round(unidades_dia / nullif(unidades_vendidas, 0), 1) end as dias_de_stock,
    %(fecha)s::date as fecha_corte
from existencia;
