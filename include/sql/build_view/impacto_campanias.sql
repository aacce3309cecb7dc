-- mart.impacto_campanias_historico: what campaigns added to sales.
-- Grain: one row per campaign that began in the last 13 months as of fecha.
-- Input: campania_por_grupo, of this transaction. Customers are assigned at random, so what the contacted bought more
-- per head than the control group is the effect of the campaign; the interval is that of a difference of means (Welch,
-- normal approximation).

delete from mart.impacto_campanias_historico
where fecha_corte = %(fecha)s::date;

insert into mart.impacto_campanias_historico (
    campania_id, nombre, canal, categoria, fecha_inicio, fecha_fin, contactados, control,
    conversion_contactados_pct, conversion_control_pct,
    pedidos_incrementales, pedidos_incrementales_desde, pedidos_incrementales_hasta,
    ingresos_incrementales, ingresos_incrementales_desde, ingresos_incrementales_hasta,
    presupuesto, roi, exito, fecha_corte, devoluciones_incrementales,
    ingresos_netos_incrementales, ingresos_netos_incrementales_desde, ingresos_netos_incrementales_hasta,
    margen_incremental, margen_incremental_desde, margen_incremental_hasta,
    roi_margen, roi_margen_desde, roi_margen_hasta
)
with efecto as (
    select
        tratado.*,
        control.asignados as control,
        tratado.compradores * 100.0 / tratado.clientes as conversion_contactados,
        control.compradores * 100.0 / control.clientes as conversion_control,
        tratado.pedidos - tratado.clientes * control.pedidos / control.clientes as pedidos_de_mas,
        tratado.monto - tratado.clientes * control.monto / control.clientes as monto_de_mas,
        tratado.neto - tratado.clientes * control.neto / control.clientes as neto_de_mas,
        1.96 * sqrt(tratado.clientes * tratado.clientes * (
            mart.varianza_de_la_media(tratado.clientes, tratado.pedidos, tratado.pedidos_cuadrado)
            + mart.varianza_de_la_media(control.clientes, control.pedidos, control.pedidos_cuadrado)
        )) as pedidos_margen,
        1.96 * sqrt(tratado.clientes * tratado.clientes * (
            mart.varianza_de_la_media(tratado.clientes, tratado.monto, tratado.monto_cuadrado)
            + mart.varianza_de_la_media(control.clientes, control.monto, control.monto_cuadrado)
        )) as monto_margen,
        1.96 * sqrt(tratado.clientes * tratado.clientes * (
            mart.varianza_de_la_media(tratado.clientes, tratado.neto, tratado.neto_cuadrado)
            + mart.varianza_de_la_media(control.clientes, control.neto, control.neto_cuadrado)
        )) as neto_margen,
        case
            when tratado.con_margen + control.con_margen > 0
                then tratado.margen - tratado.clientes * control.margen / control.clientes
        end as margen_de_mas,
        1.96 * sqrt(tratado.clientes * tratado.clientes * (
            mart.varianza_de_la_media(tratado.clientes, tratado.margen, tratado.margen_cuadrado)
            + mart.varianza_de_la_media(control.clientes, control.margen, control.margen_cuadrado)
        )) as margen_margen,
        'devoluciones' = any(%(entidades)s::text[]) as con_devoluciones
    from campania_por_grupo as tratado
    inner join campania_por_grupo as control
        on tratado.campania_id = control.campania_id
    where tratado.grupo = 'tratamiento' and control.grupo = 'control'
)

select
    campania_id,
    nombre,
    canal,
    categoria,
    fecha_inicio,
    fecha_fin,
    asignados as contactados,
    control,
    round(conversion_contactados, 2) as conversion_contactados_pct,
    round(conversion_control, 2) as conversion_control_pct,
    round(pedidos_de_mas, 2) as pedidos_incrementales,
    round(pedidos_de_mas - pedidos_margen, 2) as pedidos_incrementales_desde,
    round(pedidos_de_mas + pedidos_margen, 2) as pedidos_incrementales_hasta,
    round(monto_de_mas, 2) as ingresos_incrementales,
    round(monto_de_mas - monto_margen, 2) as ingresos_incrementales_desde,
    round(monto_de_mas + monto_margen, 2) as ingresos_incrementales_hasta,
    presupuesto,
    round((neto_de_mas - presupuesto) / nullif(presupuesto, 0), 4) as roi,
    pedidos_de_mas - pedidos_margen > 0 as exito,
    %(fecha)s::date as fecha_corte,
    case when con_devoluciones then round(monto_de_mas - neto_de_mas, 2) end as devoluciones_incrementales,
    case when con_devoluciones then round(neto_de_mas, 2) end as ingresos_netos_incrementales,
    case when con_devoluciones then round(neto_de_mas - neto_margen, 2) end as ingresos_netos_incrementales_desde,
    case when con_devoluciones then round(neto_de_mas + neto_margen, 2) end as ingresos_netos_incrementales_hasta,
    round(margen_de_mas, 2) as margen_incremental,
    round(margen_de_mas - margen_margen, 2) as margen_incremental_desde,
    round(margen_de_mas + margen_margen, 2) as margen_incremental_hasta,
    round((margen_de_mas - presupuesto) / nullif(presupuesto, 0), 4) as roi_margen,
    round((margen_de_mas - margen_margen - presupuesto) / nullif(presupuesto, 0), 4) as roi_margen_desde,
    round((margen_de_mas + margen_margen - presupuesto) / nullif(presupuesto, 0), 4) as roi_margen_hasta
from efecto;
