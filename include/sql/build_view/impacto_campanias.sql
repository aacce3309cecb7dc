-- mart.impacto_campanias_historico: what campaigns added to sales.
-- Grain: one row per campaign that began in the last 13 months as of fecha.
-- Inputs: dw.dim_campania, dw.hecho_contactos, dw.hecho_ventas. Customers are assigned at random, so what the
-- contacted bought more per head than the control group is the effect of the campaign; the interval is that of a
-- difference of means (Welch, normal approximation).
-- Empty where the source provides no contacts.

select pg_advisory_xact_lock_shared(hashtext('client360 world'));

select pg_advisory_xact_lock(hashtext('mart.impacto_campanias'), %(fecha)s::date - date '2000-01-01');

delete from mart.impacto_campanias_historico
where
    fecha_corte = %(fecha)s::date
    and %(mundo)s = all(select cargas.mundo from control.cargas as cargas);

-- many rows are joined by key, of tables so new that the planner may take them for small
set local enable_nestloop = off;

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
        vigente_desde <= %(fecha)s::date
        and vigente_hasta > %(fecha)s::date
        and fecha_inicio between greatest(
            %(inicio)s::date, (date_trunc('month', %(fecha)s::timestamp) - interval '12 months')::date
        ) and %(fecha)s::date
        and %(mundo)s = all(select cargas.mundo from control.cargas as cargas)
        and 'contactos_campania' = any(%(entidades)s::text[])
),

-- day by day, and once for all, so that orders are read once and joined by equality
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

-- each once for all campaigns, not once for each: the planner takes the campaigns of the day for few
compra as materialized (
    select
        dia_de_campania.campania_id,
        hecho_ventas.cliente_id,
        count(distinct hecho_ventas.venta_id) as pedidos,
        sum(hecho_ventas.importe) as monto
    from dw.hecho_ventas as hecho_ventas
    inner join dia_de_campania
        on hecho_ventas.fecha = dia_de_campania.fecha
    where
        hecho_ventas.fecha between (select min(campania.fecha_inicio) from campania) and %(fecha)s::date
        and (hecho_ventas.fecha_anulacion is null or hecho_ventas.fecha_anulacion > %(fecha)s::date)
    group by dia_de_campania.campania_id, hecho_ventas.cliente_id
),

-- a customer once, even if assigned on several days
contacto as materialized (
    select distinct
        hecho_contactos.campania_id,
        hecho_contactos.cliente_id,
        hecho_contactos.grupo
    from dw.hecho_contactos as hecho_contactos
    where
        hecho_contactos.campania_id = any(array(select campania.campania_id from campania))
        -- nobody is assigned to a campaign before it is known
        and hecho_contactos.fecha between (
            select min(dim_campania.vigente_desde)
            from dw.dim_campania as dim_campania
            inner join campania
                on dim_campania.campania_id = campania.campania_id
        ) and %(fecha)s::date
),

asignado as (
    select
        contacto.campania_id,
        contacto.grupo,
        coalesce(compra.pedidos, 0) as pedidos,
        coalesce(compra.monto, 0) as monto
    from contacto
    left join compra
        on
            contacto.campania_id = compra.campania_id
            and contacto.cliente_id = compra.cliente_id
),

grupo as (
    select
        campania_id,
        grupo,
        count(*)::numeric as clientes,
        count(*) filter (where pedidos > 0) as compradores,
        sum(pedidos)::numeric as pedidos,
        sum(pedidos::numeric * pedidos) as pedidos_cuadrado,
        sum(monto) as monto,
        sum(monto * monto) as monto_cuadrado
    from asignado
    group by campania_id, grupo
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
        -- squared standard errors of the two above; the sums are exact, and one division keeps them so
        tratado.clientes * tratado.clientes * (
            (tratado.clientes * tratado.pedidos_cuadrado - tratado.pedidos * tratado.pedidos)
            / nullif(tratado.clientes * tratado.clientes * (tratado.clientes - 1), 0)
            + (control.clientes * control.pedidos_cuadrado - control.pedidos * control.pedidos)
            / nullif(control.clientes * control.clientes * (control.clientes - 1), 0)
        ) as pedidos_varianza,
        tratado.clientes * tratado.clientes * (
            (tratado.clientes * tratado.monto_cuadrado - tratado.monto * tratado.monto)
            / nullif(tratado.clientes * tratado.clientes * (tratado.clientes - 1), 0)
            + (control.clientes * control.monto_cuadrado - control.monto * control.monto)
            / nullif(control.clientes * control.clientes * (control.clientes - 1), 0)
        ) as monto_varianza
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
    round(pedidos - 1.96 * sqrt(pedidos_varianza), 2) as pedidos_incrementales_desde,
    round(pedidos + 1.96 * sqrt(pedidos_varianza), 2) as pedidos_incrementales_hasta,
    round(monto, 2) as ingresos_incrementales,
    round(monto - 1.96 * sqrt(monto_varianza), 2) as ingresos_incrementales_desde,
    round(monto + 1.96 * sqrt(monto_varianza), 2) as ingresos_incrementales_hasta,
    presupuesto,
    round((monto - presupuesto) / nullif(presupuesto, 0), 4) as roi,
    pedidos - 1.96 * sqrt(pedidos_varianza) > 0 as exito,
    %(fecha)s::date as fecha_corte
from efecto;

select count(*) as filas
from mart.impacto_campanias_historico
where fecha_corte = %(fecha)s::date;
