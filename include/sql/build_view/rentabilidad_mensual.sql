-- mart.rentabilidad_mensual_historico: revenue and profitability.
-- Grain: one row per category and month, of the last 13 as of fecha, also where nothing was sold; none where the source
-- lacks products, orders or their lines. Inputs: dw.hecho_ventas, dw.dim_producto.

delete from mart.rentabilidad_mensual_historico
where fecha_corte = %(fecha)s::date;

insert into mart.rentabilidad_mensual_historico (
    categoria, mes, ingresos, costo, margen, margen_pct, ingresos_sin_costo, variacion_ingresos_pct, fecha_corte
)
-- the months published, and the one before them to compare with
with mes_comparado as (
    select
        mes,
        ultimo_dia
    from mart.meses(%(inicio)s::date, %(fecha)s::date, 14)
    where array['productos', 'ventas', 'detalle_ventas'] <@ %(entidades)s::text[]
),

venta as (
    select
        categoria,
        dw.mes(fecha) as mes,
        sum(importe) as ingresos,
        sum(costo) as costo,
        sum(margen) as margen,
        sum(importe) filter (where costo is null) as ingresos_sin_costo
    from dw.hecho_ventas
    where
        fecha between (select min(mes_comparado.mes) from mes_comparado) and %(fecha)s::date
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
    group by categoria, dw.mes(fecha)
),

categoria_conocida as (
    select
        categoria,
        min(vigente_desde) as desde
    from dw.dim_producto
    group by categoria
),

rentabilidad as (
    select
        categoria_conocida.categoria,
        mes_comparado.mes,
        mes_comparado.ultimo_dia,
        coalesce(venta.ingresos, 0) as ingresos,
        -- nothing sold cost nothing; of lines without any known cost, neither is known
        case when venta.mes is null then 0 else venta.costo end as costo,
        case when venta.mes is null then 0 else venta.margen end as margen,
        coalesce(venta.ingresos_sin_costo, 0) as ingresos_sin_costo,
        -- of a month that lies in the history as a whole
        case
            when lag(mes_comparado.mes) over anterior >= %(inicio)s::date
                then lag(coalesce(venta.ingresos, 0)) over anterior
        end as ingresos_anteriores
    from mes_comparado
    inner join categoria_conocida
        on least(mes_comparado.ultimo_dia, %(fecha)s::date) >= categoria_conocida.desde
    left join venta
        on
            mes_comparado.mes = venta.mes
            and categoria_conocida.categoria = venta.categoria
    window anterior as (partition by categoria_conocida.categoria order by mes_comparado.mes)
)

select
    categoria,
    mes,
    ingresos,
    costo,
    margen,
    round(margen * 100 / nullif(ingresos - ingresos_sin_costo, 0), 2) as margen_pct,
    ingresos_sin_costo,
    case
        when ultimo_dia <= %(fecha)s::date
            then round((ingresos - ingresos_anteriores) * 100 / nullif(ingresos_anteriores, 0), 2)
    end as variacion_ingresos_pct,
    %(fecha)s::date as fecha_corte
from rentabilidad
where mes >= dw.mes(%(fecha)s::date) - interval '12 months';
