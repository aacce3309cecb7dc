-- The answers of the day agree with the orders, returns and payments of each month, to the cent: revenue by category
-- and by kind of customer, what was charged for shipments, orders by channel, and what is paid by all methods.

with linea as (
    select
        dw.mes(fecha) as mes,
        sum(importe) as ingresos,
        count(distinct nullif(cliente_id, '')) as compradores,
        count(distinct cliente_id || ' ' || venta_id) as pedidos
    from dw.hecho_ventas
    where
        fecha between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
    group by dw.mes(fecha)
),

cargo as (
    select
        dw.mes(fecha) as mes,
        sum(cargo_envio) as monto
    from dw.hecho_pedidos
    where
        fecha between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and lineas > 0
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
    group by dw.mes(fecha)
),

venta as (
    select
        linea.*,
        linea.ingresos + coalesce(cargo.monto, 0) as ingresos_y_cargo
    from linea
    left join cargo
        on linea.mes = cargo.mes
),

devolucion as (
    select
        dw.mes(fecha) as mes,
        sum(monto) as monto
    from dw.hecho_devoluciones
    where
        fecha between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
    group by dw.mes(fecha)
),

pago as (
    select
        dw.mes(fecha) as mes,
        count(*) filter (where estado = 'aprobado') as pagos,
        count(*) filter (where estado = 'rechazado') as rechazados,
        coalesce(sum(monto) filter (where estado = 'aprobado'), 0) as monto,
        coalesce(sum(monto) filter (where estado = 'reembolsado'), 0) as reembolsado
    from dw.hecho_pagos
    where fecha between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
    group by dw.mes(fecha)
),

medio as (
    select
        mes,
        sum(pagos) as pagos,
        sum(rechazados) as rechazados,
        sum(monto) as monto,
        sum(reembolsado) as reembolsado,
        sum(monto_neto) as neto
    from mart.medios_de_pago_historico
    where fecha_corte = %(fecha)s::date
    group by mes
),

rentabilidad as (
    select
        mes,
        sum(ingresos) as ingresos,
        sum(devoluciones) as devoluciones,
        sum(ingresos_netos) as ingresos_netos
    from mart.rentabilidad_mensual_historico
    where fecha_corte = %(fecha)s::date
    group by mes
),

canal as (
    select
        mes,
        sum(pedidos) as pedidos,
        sum(ingresos) as ingresos
    from mart.ventas_por_canal_historico
    where fecha_corte = %(fecha)s::date
    group by mes
),

hallazgo as (
    select 'clientes_nuevos_recurrentes ' || recurrentes.mes as que
    from mart.clientes_nuevos_recurrentes_historico as recurrentes
    left join venta
        on recurrentes.mes = venta.mes
    left join devolucion
        on recurrentes.mes = devolucion.mes
    where
        recurrentes.fecha_corte = %(fecha)s::date
        and (
            recurrentes.ingresos_nuevos + recurrentes.ingresos_recurrentes + recurrentes.ingresos_sin_cliente
            <> coalesce(venta.ingresos, 0)
            or recurrentes.compradores <> coalesce(venta.compradores, 0)
            or recurrentes.compradores <> recurrentes.nuevos + recurrentes.recurrentes
            or recurrentes.devoluciones_nuevos + recurrentes.devoluciones_recurrentes
            + recurrentes.devoluciones_sin_cliente <> coalesce(devolucion.monto, 0)
            or recurrentes.ingresos_netos_nuevos + recurrentes.ingresos_netos_recurrentes
            + recurrentes.ingresos_sin_cliente - recurrentes.devoluciones_sin_cliente
            <> coalesce(venta.ingresos, 0) - coalesce(devolucion.monto, 0)
        )
    union all
    select 'rentabilidad_mensual ' || coalesce(rentabilidad.mes, venta.mes) as que
    from rentabilidad
    full outer join venta
        on rentabilidad.mes = venta.mes
    left join devolucion
        on coalesce(rentabilidad.mes, venta.mes) = devolucion.mes
    where
        not 'rentabilidad_mensual' = any(%(relaciones_sin_datos)s::text[])
        and (
            coalesce(rentabilidad.ingresos, 0) <> coalesce(venta.ingresos_y_cargo, 0)
            or rentabilidad.devoluciones <> coalesce(devolucion.monto, 0)
            or rentabilidad.ingresos_netos <> rentabilidad.ingresos - rentabilidad.devoluciones
        )
    union all
    select 'ventas_por_canal ' || canal.mes as que
    from canal
    left join venta
        on canal.mes = venta.mes
    where canal.ingresos <> coalesce(venta.ingresos, 0) or canal.pedidos <> coalesce(venta.pedidos, 0)
    union all
    select 'medios_de_pago ' || coalesce(medio.mes, pago.mes) as que
    from medio
    full outer join pago
        on medio.mes = pago.mes
    where
        (medio.pagos, medio.rechazados, medio.monto, medio.reembolsado, medio.neto)
        is distinct from (pago.pagos, pago.rechazados, pago.monto, pago.reembolsado, pago.monto - pago.reembolsado)
)

select
    count(*) as hallazgos,
    min(que) as ejemplo
from hallazgo;
