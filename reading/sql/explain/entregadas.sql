-- The entities about credit and accounts of which something was known by the day. Grain: one row per entity.
with primera as (
    select
        'prestamos' as entidad,
        min(fecha) as fecha
    from dw.historia_prestamos
    union all
    select
        'cuotas' as entidad,
        min(fecha) as fecha
    from dw.historia_cuotas
    union all
    select
        'tarjetas' as entidad,
        min(fecha) as fecha
    from dw.historia_tarjetas
    union all
    select
        'resumenes' as entidad,
        min(fecha) as fecha
    from dw.historia_resumenes
    union all
    select
        'ordenes_permanentes' as entidad,
        min(fecha) as fecha
    from dw.historia_ordenes_permanentes
    union all
    select
        'cuentas' as entidad,
        min(vigente_desde) as fecha
    from dw.dim_cuenta
    union all
    select
        'titulares_cuenta' as entidad,
        min(vigente_desde) as fecha
    from dw.dim_titular
)

select entidad
from primera
where fecha <= %(fecha)s::date
order by entidad
