-- mart.productos_mas_vendidos_historico: best-selling products by category and month.
-- Grain: one row per category, month of the order and rank, of the last 13 months as of fecha.
-- Input: dw.hecho_ventas.

select pg_advisory_xact_lock_shared(hashtext('client360 world'));

select pg_advisory_xact_lock(hashtext('mart.productos_mas_vendidos'), %(fecha)s::date - date '2000-01-01');

delete from mart.productos_mas_vendidos_historico
where
    fecha_corte = %(fecha)s::date
    and %(mundo)s = all(select cargas.mundo from control.cargas as cargas);

-- many rows are joined by key, of tables so new that the planner may take them for small
set local enable_nestloop = off;

insert into mart.productos_mas_vendidos_historico (
    categoria, mes, puesto, producto_id, nombre, unidades, ingresos, margen, fecha_corte
)
with producto as (
    select
        producto_id,
        nombre
    from dw.dim_producto
    where vigente_desde <= %(fecha)s::date and vigente_hasta > %(fecha)s::date
),

venta as (
    select
        categoria,
        date_trunc('month', fecha::timestamp)::date as mes,
        producto_id,
        sum(cantidad) as unidades,
        sum(importe) as ingresos,
        sum(margen) as margen
    from dw.hecho_ventas
    where
        fecha between greatest(
            %(inicio)s::date, (date_trunc('month', %(fecha)s::timestamp) - interval '12 months')::date
        ) and %(fecha)s::date
        and (fecha_anulacion is null or fecha_anulacion > %(fecha)s::date)
        and categoria is not null
        and %(mundo)s = all(select cargas.mundo from control.cargas as cargas)
    group by categoria, date_trunc('month', fecha::timestamp)::date, producto_id
),

ordenada as (
    select
        *,
        row_number() over (
            partition by categoria, mes
            order by unidades desc, ingresos desc, producto_id asc
        ) as puesto
    from venta
)

select
    ordenada.categoria,
    ordenada.mes,
    ordenada.puesto,
    ordenada.producto_id,
    producto.nombre,
    ordenada.unidades,
    ordenada.ingresos,
    ordenada.margen,
    %(fecha)s::date as fecha_corte
from ordenada
left join producto
    on ordenada.producto_id = producto.producto_id
where ordenada.puesto <= 10;

select count(*) as filas
from mart.productos_mas_vendidos_historico
where fecha_corte = %(fecha)s::date;
