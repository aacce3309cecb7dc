-- mart.impacto_campanias_historico: what campaigns added to sales.
-- Grain: one row per campaign that began in the last 13 months as of fecha.
-- Inputs: dw.dim_campania, dw.hecho_contactos, dw.hecho_ventas. Customers are assigned at random, so what the
-- contacted bought more per head than the control group is the effect of the campaign; the interval is that of a
-- difference of means (Welch, normal approximation).
-- Empty where the source lacks campaigns or contacts; without orders or their lines, what they bought is unknown.

delete from mart.impacto_campanias_historico
where fecha_corte = %(fecha)s::date;

insert into mart.impacto_campanias_historico (
    campania_id, nombre, canal, categoria, fecha_inicio, fecha_fin, contactados, control,
    conversion_contactados_pct, conversion_control_pct,
    pedidos_incrementales, pedidos_incrementales_desde, pedidos_incrementales_hasta,
    ingresos_incrementales, ingresos_incrementales_desde, ingresos_incrementales_hasta,
    presupuesto, roi, exito, fecha_corte
)
with campania as (
    select
        campania_id,
        nombre,
        canal,
        categoria,
        fecha_inicio,
        fecha_fin,
        presupuesto
    from dw.dim_campania
    where
        dw.vigente(vigente_desde, vigente_hasta, %(fecha)s::date)
        and fecha_inicio between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and array['campanias', 'contactos_campania'] <@ %(entidades)s::text[]
),

-- day by day, so that orders are read once and joined by equality
dia_de_campania as materialized (
    select
        campania.campania_id,
        dia::date as fecha
    from campania
    cross join
        generate_series(
            campania.fecha_inicio::timestamp, least(campania.fecha_fin, %(fecha)s::date)::timestamp, interval '1 day'
        ) as dia
),

-- not materialized, this and the next: on a cluster they are joined and added up where the customer is
compra as (
    select
        dia_de_campania.campania_id,
        venta.cliente_id,
        count(distinct venta.venta_id)::numeric as pedidos,
        sum(venta.importe) as monto
    from dw.hecho_ventas as venta
    inner join dia_de_campania
        on venta.fecha = dia_de_campania.fecha
    where
        venta.fecha between (select min(campania.fecha_inicio) from campania) and %(fecha)s::date
        and dw.sin_anular(venta.fecha_anulacion, %(fecha)s::date)
        and array['ventas', 'detalle_ventas'] <@ %(entidades)s::text[]
    group by dia_de_campania.campania_id, venta.cliente_id
),

-- a customer once, even if assigned on several days
contacto as (
    select distinct
        contacto.campania_id,
        contacto.cliente_id,
        contacto.grupo
    from dw.hecho_contactos as contacto
    where
        contacto.campania_id = any(array(select campania.campania_id from campania))
        -- no customer is assigned to a campaign before it is known
        and contacto.fecha between (
            select min(dim_campania.vigente_desde)
            from dw.dim_campania as dim_campania
            inner join campania
                on dim_campania.campania_id = campania.campania_id
        ) and %(fecha)s::date
),

-- what those who bought nothing bought: 0 if orders are known at all
sin_compras as (
    select case when array['ventas', 'detalle_ventas'] <@ %(entidades)s::text[] then 0 end as cero
),

grupo as (
    select
        contacto.campania_id,
        contacto.grupo,
        count(*)::numeric as clientes,
        count(compra.pedidos) + sin_compras.cero as compradores,
        coalesce(sum(compra.pedidos), sin_compras.cero) as pedidos,
        coalesce(sum(compra.pedidos * compra.pedidos), sin_compras.cero) as pedidos_cuadrado,
        coalesce(sum(compra.monto), sin_compras.cero) as monto,
        coalesce(sum(compra.monto * compra.monto), sin_compras.cero) as monto_cuadrado
    from contacto
    cross join sin_compras
    left join compra
        on
            contacto.campania_id = compra.campania_id
            and contacto.cliente_id = compra.cliente_id
    group by contacto.campania_id, contacto.grupo, sin_compras.cero
),

efecto as (
    select
        campania.*,
        coalesce(tratado.clientes, 0) as contactados,
        coalesce(control.clientes, 0) as control,
        tratado.compradores * 100.0 / tratado.clientes as conversion_contactados,
        control.compradores * 100.0 / control.clientes as conversion_control,
        tratado.pedidos - tratado.clientes * control.pedidos / control.clientes as pedidos,
        tratado.monto - tratado.clientes * control.monto / control.clientes as monto,
        1.96 * sqrt(tratado.clientes * tratado.clientes * (
            mart.varianza_de_la_media(tratado.clientes, tratado.pedidos, tratado.pedidos_cuadrado)
            + mart.varianza_de_la_media(control.clientes, control.pedidos, control.pedidos_cuadrado)
        )) as pedidos_margen,
        1.96 * sqrt(tratado.clientes * tratado.clientes * (
            mart.varianza_de_la_media(tratado.clientes, tratado.monto, tratado.monto_cuadrado)
            + mart.varianza_de_la_media(control.clientes, control.monto, control.monto_cuadrado)
        )) as monto_margen
    from campania
    left join grupo as tratado
        on campania.campania_id = tratado.campania_id and tratado.grupo = 'tratamiento'
    left join grupo as control
        on campania.campania_id = control.campania_id and control.grupo = 'control'
)

select
    campania_id,
    nombre,
    canal,
    categoria,
    fecha_inicio,
    fecha_fin,
    contactados,
    control,
    round(conversion_contactados, 2) as conversion_contactados_pct,
    round(conversion_control, 2) as conversion_control_pct,
    round(pedidos, 2) as pedidos_incrementales,
    round(pedidos - pedidos_margen, 2) as pedidos_incrementales_desde,
    round(pedidos + pedidos_margen, 2) as pedidos_incrementales_hasta,
    round(monto, 2) as ingresos_incrementales,
    round(monto - monto_margen, 2) as ingresos_incrementales_desde,
    round(monto + monto_margen, 2) as ingresos_incrementales_hasta,
    presupuesto,
    round((monto - presupuesto) / nullif(presupuesto, 0), 4) as roi,
    pedidos - pedidos_margen > 0 as exito,
    %(fecha)s::date as fecha_corte
from efecto;
