-- What a published day was computed with, and of which entities something was known by then.
-- Grain: one row, none of days that are not published or were computed before this was noted.
select
    cortes.inicio,
    cortes.pais,
    cortes.entidades,
    array_remove(
        array[
            case when (select min(fecha) from dw.historia_prestamos) <= %(fecha)s::date then 'prestamos' end,
            case when (select min(fecha) from dw.historia_cuotas) <= %(fecha)s::date then 'cuotas' end,
            case when (select min(fecha) from dw.historia_tarjetas) <= %(fecha)s::date then 'tarjetas' end,
            case when (select min(fecha) from dw.historia_resumenes) <= %(fecha)s::date then 'resumenes' end,
            case
                when (select min(fecha) from dw.historia_ordenes_permanentes) <= %(fecha)s::date
                    then 'ordenes_permanentes'
            end,
            case when (select min(vigente_desde) from dw.dim_cuenta) <= %(fecha)s::date then 'cuentas' end,
            case when (select min(vigente_desde) from dw.dim_titular) <= %(fecha)s::date then 'titulares_cuenta' end
        ],
        null
    ) as conocidas
from control.cortes as cortes
where cortes.fecha_corte = %(fecha)s::date
