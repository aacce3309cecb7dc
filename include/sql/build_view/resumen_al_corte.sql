-- resumen_al_corte, for this transaction: what is owed on statements of cards on each day of corte, by the day's rate.
-- Grain: one row per day and statement closed by then. Inputs: corte, tarjeta_al_corte, dw.historia_resumenes.
-- As known by fecha: statements are what is known of them now, but what is paid is that of the version of the day or,
-- before the first one, of that one. The last statement of a card says what is owed on it, and one of which the minimum
-- is covered settles those before it. One that names no customer is of whose the card is on the day.
-- Most are settled for good by a later one that was paid, and left out from then on, unless they fall due in the month.

create temporary table resumen_al_corte on commit drop as
with version as (
    select
        *,
        case when row_number() over sucesion = 1 then date '0001-01-01' else fecha end as desde,
        lead(fecha, 1, date '9999-12-31') over sucesion as hasta
    from dw.historia_resumenes
    where fecha <= %(fecha)s::date and 'resumenes' = any(%(entidades)s::text[])
    window sucesion as (partition by resumen_id order by fecha)
),

ahora as (
    select
        *,
        min(greatest(pagado_el, fecha_cierre)) filter (where pagado_el is not null) over (
            partition by tarjeta_id, cliente_id
            order by fecha_cierre desc, resumen_id desc
            rows between unbounded preceding and 1 preceding
        ) as superado_el
    from version
    where hasta = date '9999-12-31'
),

resumen as (
    select
        corte.corte,
        corte.mes,
        ahora.resumen_id,
        ahora.tarjeta_id,
        ahora.cliente_id,
        ahora.fecha_vencimiento,
        ahora.total,
        ahora.minimo,
        coalesce(entonces.pagado, 0) as pagado_entonces,
        coalesce(ahora.pagado_el <= corte.corte, false) or coalesce(entonces.pagado, 0) >= ahora.minimo as cubierto,
        row_number() over (
            partition by corte.corte, ahora.tarjeta_id order by ahora.fecha_cierre desc, ahora.resumen_id desc
        ) as antiguedad
    from ahora
    inner join version as entonces
        on ahora.resumen_id = entonces.resumen_id
    inner join corte
        on
            entonces.desde <= corte.corte
            and entonces.hasta > corte.corte
            and ahora.fecha_cierre <= corte.corte
    where
        ahora.superado_el is null
        or ahora.superado_el > corte.corte
        or dw.mes(ahora.fecha_vencimiento) = corte.mes
)

select
    resumen.corte,
    tarjeta.cuenta_id,
    coalesce(nullif(resumen.cliente_id, ''), tarjeta.cliente_id) as cliente_id,
    dw.convertido(
        case resumen.antiguedad when 1 then greatest(resumen.total - resumen.pagado_entonces, 0) else 0 end,
        tarjeta.moneda, tarjeta.cotizacion
    ) as deuda,
    case
        when min(resumen.antiguedad) filter (where resumen.cubierto) over tarjeta <= resumen.antiguedad then 0
        else greatest(resumen.corte - resumen.fecha_vencimiento, 0)
    end as dias_mora,
    dw.convertido(
        case when dw.mes(resumen.fecha_vencimiento) = resumen.mes then resumen.minimo else 0 end,
        tarjeta.moneda, tarjeta.cotizacion
    ) as minimo_del_mes
from resumen
left join tarjeta_al_corte as tarjeta
    on
        resumen.corte = tarjeta.corte
        and resumen.tarjeta_id = tarjeta.tarjeta_id
window tarjeta as (partition by resumen.corte, resumen.tarjeta_id);
