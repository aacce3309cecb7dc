-- mart.cliente_360_historico, partitioned by month of fecha_corte.
-- Grain: one row per customer who is one at the end of the day fecha. Inputs: dw.dim_cliente, mart.gasto_mensual,
-- dw.hecho_ventas, dw.hecho_envios, dw.hecho_contactos.
-- Nothing dated after fecha has a say: a version is the one valid on that day, and a month counts only when it is
-- over (an observed month: complete, among the last 12 since inicio, the person a customer from its first day). The
-- shop's side looks at the 365 days that end at fecha, without orders that were cancelled or returned by then; first
-- and last orders are looked up by key, not searched for in the whole history.

select pg_advisory_xact_lock_shared(hashtext('client360 world'));

select pg_advisory_xact_lock(361, %(fecha)s::date - date '2000-01-01');

-- what the checks said of the day was said of the rows that go
delete from control.verificaciones
where
    fecha_corte = %(fecha)s::date
    and %(mundo)s = all(select cargas.mundo from control.cargas as cargas);

delete from mart.cliente_360_historico
where
    fecha_corte = %(fecha)s::date
    and %(mundo)s = all(select cargas.mundo from control.cargas as cargas);

-- many rows are joined by key, of tables so new that the planner may take them for small
set local enable_nestloop = off;

insert into mart.cliente_360_historico (
    cliente_id, nombre, edad, provincia, ingresos_mensuales, gasto_mensual_promedio, score_endeudamiento,
    origen_ingresos, meses_observados, ocupacion, antiguedad_meses, segmento_ingresos,
    compras_12m, monto_compras_12m, ticket_promedio, primera_compra, ultima_compra, dias_sin_comprar, tipo_comprador,
    segmento_rfm, categoria_favorita, entregas_demoradas_pct, contactos_campania_12m, fecha_corte
)
with activo as (
    select
        cliente_id,
        nombre,
        apellido,
        fecha_nacimiento,
        provincia,
        ocupacion,
        ingresos_mensuales,
        fecha_alta
    from dw.dim_cliente
    where
        vigente_desde <= %(fecha)s::date
        and vigente_hasta > %(fecha)s::date
        and fecha_alta <= %(fecha)s::date
        and (fecha_baja is null or fecha_baja > %(fecha)s::date)
        -- nothing where another run has given the warehouse to another world; the checks will say so
        and %(mundo)s = all(select cargas.mundo from control.cargas as cargas)
),

-- the last 12 complete months within [inicio, fecha]; antiguedad 1 is the newest
mes_completo as (
    select
        mes::date as mes,
        row_number() over (order by mes desc) as antiguedad
    from
        generate_series(
            date_trunc('month', %(inicio)s::timestamp + interval '1 month' - interval '1 day'),
            %(fecha)s::timestamp,
            interval '1 month'
        ) as mes
    where mes + interval '1 month' <= %(fecha)s::date + interval '1 day'
    order by mes desc
    limit 12
),

mes_observado as (
    select
        activo.cliente_id,
        mes_completo.mes,
        mes_completo.antiguedad
    from activo
    inner join mes_completo
        on activo.fecha_alta <= mes_completo.mes
),

resumen as (
    select
        mes_observado.cliente_id,
        count(*) as meses_observados,
        sum(
            gasto.compra_tarjeta + gasto.pago_servicio + gasto.debito_automatico + gasto.extraccion_cajero
        ) as gasto,
        sum(gasto.pago_servicio + gasto.debito_automatico) as pagos_fijos,
        -- the median, exact in numeric: the mean of the lower and the upper middle value
        round((
            percentile_disc(0.5) within group (order by gasto.ingresos) filter (where mes_observado.antiguedad <= 6)
            + percentile_disc(0.5) within group (order by gasto.ingresos desc) filter (
                where mes_observado.antiguedad <= 6
            )
        ) / 2, 2) as ingresos
    from mes_observado
    left join mart.gasto_mensual as gasto
        on
            mes_observado.cliente_id = gasto.cliente_id
            and mes_observado.mes = gasto.mes
            and gasto.mes between (%(fecha)s::date - interval '13 months')::date and %(fecha)s::date
    group by mes_observado.cliente_id
),

cliente as (
    select
        activo.cliente_id,
        concat_ws(' ', activo.nombre, activo.apellido) as nombre,
        extract(year from age(%(fecha)s::date, activo.fecha_nacimiento))::integer as edad,
        activo.provincia,
        coalesce(resumen.ingresos, activo.ingresos_mensuales) as ingresos_mensuales,
        coalesce(resumen.meses_observados, 0) as meses_observados,
        case when resumen.meses_observados > 0 then coalesce(resumen.gasto, 0) end as gasto,
        case when resumen.meses_observados > 0 then coalesce(resumen.pagos_fijos, 0) end as pagos_fijos,
        case
            when resumen.ingresos is not null then 'observado'
            when activo.ingresos_mensuales is not null then 'declarado'
        end as origen_ingresos,
        activo.ocupacion,
        (
            extract(year from age(%(fecha)s::date, activo.fecha_alta)) * 12
            + extract(month from age(%(fecha)s::date, activo.fecha_alta))
        )::integer as antiguedad_meses
    from activo
    left join resumen
        on activo.cliente_id = resumen.cliente_id
),

linea as (
    select
        cliente_id,
        venta_id,
        fecha,
        categoria,
        importe
    from dw.hecho_ventas
    where
        fecha between greatest(%(inicio)s::date, %(fecha)s::date - 364) and %(fecha)s::date
        and (fecha_anulacion is null or fecha_anulacion > %(fecha)s::date)
),

compra as (
    select
        cliente_id,
        count(distinct venta_id) as compras,
        sum(importe) as monto,
        max(fecha) as ultima
    from linea
    group by cliente_id
),

favorita as (
    select distinct on (cliente_id)
        cliente_id,
        categoria
    from linea
    where categoria is not null
    group by cliente_id, categoria
    order by cliente_id asc, sum(importe) desc, categoria asc
),

entrega as (
    select
        cliente_id,
        round(count(*) filter (where fecha_entrega > fecha_prometida) * 100.0 / count(*), 2) as demoradas_pct
    from dw.hecho_envios
    where
        fecha_entrega between greatest(%(inicio)s::date, %(fecha)s::date - 364) and %(fecha)s::date
        -- known no earlier than it took place: an index finds them in the partitions of any month
        and entrega_conocida between greatest(%(inicio)s::date, %(fecha)s::date - 364) and %(fecha)s::date
    group by cliente_id
),

contacto as (
    select
        cliente_id,
        count(*) as contactos
    from dw.hecho_contactos
    where
        fecha between greatest(%(inicio)s::date, %(fecha)s::date - 364) and %(fecha)s::date
        and grupo = 'tratamiento'
    group by cliente_id
),

comprador as (
    select
        cliente.cliente_id,
        primera.fecha as primera_compra,
        coalesce(compra.ultima, anterior.fecha) as ultima_compra,
        coalesce(compra.compras, 0) as compras,
        coalesce(compra.monto, 0) as monto
    from cliente
    left join compra
        on cliente.cliente_id = compra.cliente_id
    left join
        lateral (
            select hecho_ventas.fecha
            from dw.hecho_ventas as hecho_ventas
            where
                hecho_ventas.cliente_id = cliente.cliente_id
                and hecho_ventas.fecha between %(inicio)s::date and %(fecha)s::date
                and (hecho_ventas.fecha_anulacion is null or hecho_ventas.fecha_anulacion > %(fecha)s::date)
            order by hecho_ventas.fecha
            limit 1
        ) as primera
        on true
    left join
        lateral (
            select hecho_ventas.fecha
            from dw.hecho_ventas as hecho_ventas
            where
                compra.cliente_id is null
                and hecho_ventas.cliente_id = cliente.cliente_id
                and hecho_ventas.fecha between %(inicio)s::date and %(fecha)s::date - 365
                and (hecho_ventas.fecha_anulacion is null or hecho_ventas.fecha_anulacion > %(fecha)s::date)
            order by hecho_ventas.fecha desc
            limit 1
        ) as anterior
        on true
),

segmentado as (
    select
        cliente_id,
        ntile(5) over (order by ultima_compra, cliente_id) as recencia,
        ntile(5) over (order by compras, cliente_id) as frecuencia,
        ntile(5) over (order by monto, cliente_id) as valor
    from comprador
    where primera_compra is not null
)

select
    cliente.cliente_id,
    cliente.nombre,
    cliente.edad,
    cliente.provincia,
    cliente.ingresos_mensuales,
    round(cliente.gasto / nullif(cliente.meses_observados, 0), 2) as gasto_mensual_promedio,
    round(cliente.pagos_fijos / nullif(cliente.meses_observados * cliente.ingresos_mensuales, 0), 4)
        as score_endeudamiento,
    cliente.origen_ingresos,
    cliente.meses_observados,
    cliente.ocupacion,
    cliente.antiguedad_meses,
    case
        when cliente.ingresos_mensuales is not null
            then ntile(5) over (
                partition by cliente.ingresos_mensuales is null
                order by cliente.ingresos_mensuales, cliente.cliente_id
            )
    end as segmento_ingresos,
    comprador.compras as compras_12m,
    comprador.monto as monto_compras_12m,
    round(comprador.monto / nullif(comprador.compras, 0), 2) as ticket_promedio,
    comprador.primera_compra,
    comprador.ultima_compra,
    %(fecha)s::date - comprador.ultima_compra as dias_sin_comprar,
    case
        when comprador.primera_compra is null then 'sin_compras'
        when comprador.primera_compra > %(fecha)s::date - 90 then 'nuevo'
        when comprador.compras >= 2 then 'recurrente'
        when comprador.compras = 1 then 'ocasional'
        else 'inactivo'
    end as tipo_comprador,
    segmentado.recencia::text || segmentado.frecuencia::text || segmentado.valor::text as segmento_rfm,
    favorita.categoria as categoria_favorita,
    entrega.demoradas_pct as entregas_demoradas_pct,
    coalesce(contacto.contactos, 0) as contactos_campania_12m,
    %(fecha)s::date as fecha_corte
from cliente
inner join comprador
    on cliente.cliente_id = comprador.cliente_id
left join segmentado
    on cliente.cliente_id = segmentado.cliente_id
left join favorita
    on cliente.cliente_id = favorita.cliente_id
left join entrega
    on cliente.cliente_id = entrega.cliente_id
left join contacto
    on cliente.cliente_id = contacto.cliente_id;

select count(*) as filas
from mart.cliente_360_historico
where fecha_corte = %(fecha)s::date;
