-- mart.rotacion_stock_historico: stock turnover.
-- Grain: one row per category and month, of the last 13 as of fecha.
-- Inputs: mart.stock_mensual for the months before that of fecha, dw.hecho_stock for that month, dw.dim_producto. A
-- movement counts in the mean stock of its month for each day from its own to the last.
-- Empty where the source provides no stock movements.

select pg_advisory_xact_lock_shared(hashtext('client360 world'));

select pg_advisory_xact_lock(hashtext('mart.rotacion_stock'), %(fecha)s::date - date '2000-01-01');

delete from mart.rotacion_stock_historico
where
    fecha_corte = %(fecha)s::date
    and %(mundo)s = all(select cargas.mundo from control.cargas as cargas);

-- many rows are joined by key, of tables so new that the planner may take them for small
set local enable_nestloop = off;

insert into mart.rotacion_stock_historico (
    categoria, mes, unidades_vendidas, stock_promedio, rotacion, dias_de_stock, fecha_corte
)
with mes_publicado as (
    select
        mes::date as mes,
        least((mes + interval '1 month' - interval '1 day')::date, %(fecha)s::date) as ultimo_dia,
        least((mes + interval '1 month' - interval '1 day')::date, %(fecha)s::date)
        - greatest(mes::date, %(inicio)s::date) + 1 as dias
    from
        generate_series(
            greatest(
                date_trunc('month', %(inicio)s::timestamp),
                date_trunc('month', %(fecha)s::timestamp) - interval '12 months'
            ),
            %(fecha)s::timestamp,
            interval '1 month'
        ) as mes
    where
        %(mundo)s = all(select cargas.mundo from control.cargas as cargas)
        and 'movimientos_stock' = any(%(entidades)s::text[])
),

movimiento as (
    select
        producto_id,
        mes,
        sum(cambio) as cambio,
        sum(unidades_vendidas) as unidades_vendidas,
        sum(unidades_dia) as unidades_dia
    from mart.stock_mensual
    where mes < date_trunc('month', %(fecha)s::timestamp)::date
    group by producto_id, mes
    union all
    select
        producto_id,
        date_trunc('month', %(fecha)s::timestamp)::date as mes,
        sum(cantidad) as cambio,
        coalesce(-sum(cantidad) filter (where tipo = 'venta'), 0) as unidades_vendidas,
        sum(cantidad * (%(fecha)s::date - fecha + 1)) as unidades_dia
    from dw.hecho_stock
    where fecha between date_trunc('month', %(fecha)s::timestamp)::date and %(fecha)s::date
    group by producto_id
),

existencia as (
    select
        dim_producto.categoria,
        mes_publicado.mes,
        mes_publicado.dias,
        coalesce(sum(movimiento.unidades_vendidas) filter (where movimiento.mes = mes_publicado.mes), 0)
            as unidades_vendidas,
        coalesce(sum(movimiento.cambio) filter (where movimiento.mes < mes_publicado.mes), 0) * mes_publicado.dias
        + coalesce(sum(movimiento.unidades_dia) filter (where movimiento.mes = mes_publicado.mes), 0) as unidades_dia
    from mes_publicado
    inner join dw.dim_producto as dim_producto
        on
            mes_publicado.ultimo_dia >= dim_producto.vigente_desde
            and mes_publicado.ultimo_dia < dim_producto.vigente_hasta
    left join movimiento
        on
            dim_producto.producto_id = movimiento.producto_id
            and mes_publicado.mes >= movimiento.mes
    group by dim_producto.categoria, mes_publicado.mes, mes_publicado.dias
)

select
    categoria,
    mes,
    unidades_vendidas,
    round(unidades_dia / dias, 2) as stock_promedio,
    round(unidades_vendidas * dias / nullif(unidades_dia, 0), 4) as rotacion,
    round(unidades_dia / nullif(unidades_vendidas, 0), 1) as dias_de_stock,
    %(fecha)s::date as fecha_corte
from existencia;

select count(*) as filas
from mart.rotacion_stock_historico
where fecha_corte = %(fecha)s::date;
