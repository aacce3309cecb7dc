-- mart.ventas_por_canal_historico: where what was sold was sold.
-- Grain: one row per channel, branch, seller and month, of the last 13 as of fecha; none where nothing of them is known
-- of any order of these months. Input: canal_mensual, of this transaction.

delete from mart.ventas_por_canal_historico
where fecha_corte = %(fecha)s::date;

insert into mart.ventas_por_canal_historico (
    canal, sucursal, vendedor, mes, pedidos, ingresos, ticket_promedio, cargo_envio,
    devoluciones, ingresos_netos, participacion_pct, fecha_corte
)
with medida as (
    select
        *,
        sum(neto) over (partition by mes) as neto_del_mes,
        sum(conocidos) over () as conocidos_en_total,
        'devoluciones' = any(%(entidades)s::text[]) as con_devoluciones
    from canal_mensual
)

select
    canal,
    sucursal,
    vendedor,
    mes,
    pedidos,
    ingresos,
    round(ingresos / nullif(pedidos, 0), 2) as ticket_promedio,
    cargo_envio,
    case when con_devoluciones then devuelto end as devoluciones,
    case when con_devoluciones then neto end as ingresos_netos,
    round(neto * 100 / nullif(greatest(neto_del_mes, 0), 0), 2) as participacion_pct,
    %(fecha)s::date as fecha_corte
from medida
where conocidos_en_total > 0;
