-- The answers of the day agree with the orders of each month, to the cent: revenue by category, revenue by kind of
-- customer, and the customers of all provinces.

with venta as (
    select
        dw.mes(fecha) as mes,
        sum(importe) as ingresos,
        coalesce(sum(importe) filter (where categoria is not null), 0) as con_categoria,
        count(distinct cliente_id) as compradores
    from dw.hecho_ventas
    where
        fecha between mart.desde_13_meses(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and dw.sin_anular(fecha_anulacion, %(fecha)s::date)
    group by dw.mes(fecha)
),

rentabilidad as (
    select
        mes,
        sum(ingresos) as ingresos
    from mart.rentabilidad_mensual_historico
    where fecha_corte = %(fecha)s::date
    group by mes
),

hallazgo as (
    select 'clientes_nuevos_recurrentes ' || recurrentes.mes as que
    from mart.clientes_nuevos_recurrentes_historico as recurrentes
    left join venta
        on recurrentes.mes = venta.mes
    where
        recurrentes.fecha_corte = %(fecha)s::date
        and (
            recurrentes.ingresos_nuevos + recurrentes.ingresos_recurrentes <> coalesce(venta.ingresos, 0)
            or recurrentes.compradores <> coalesce(venta.compradores, 0)
            or recurrentes.compradores <> recurrentes.nuevos + recurrentes.recurrentes
        )
    union all
    select 'rentabilidad_mensual ' || coalesce(rentabilidad.mes, venta.mes) as que
    from rentabilidad
    full outer join venta
        on rentabilidad.mes = venta.mes
    where coalesce(rentabilidad.ingresos, 0) <> coalesce(venta.con_categoria, 0)
    union all
    select 'distribucion_geografica' as que
    where
        (
            select coalesce(sum(distribucion.clientes), 0)
            from mart.distribucion_geografica_historico as distribucion
            where distribucion.fecha_corte = %(fecha)s::date
        )
        is distinct from (
            select count(*)
            from mart.cliente_360_historico as cliente
            inner join dw.dim_provincia as dim_provincia
                on cliente.provincia = dim_provincia.provincia
            where cliente.fecha_corte = %(fecha)s::date
        )
)

select
    count(*) as hallazgos,
    min(que) as ejemplo
from hallazgo;
