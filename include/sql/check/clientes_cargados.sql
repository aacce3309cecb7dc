-- dw.dim_cliente has as many versions of each day that the run touched as the landing file had rows.

with version as (
    select
        vigente_desde,
        count(*) as filas
    from dw.dim_cliente
    where vigente_desde = any(%(dias)s::date[])
    group by vigente_desde
)

select
    count(*) as hallazgos,
    min(cargas.fecha || ': ' || coalesce(version.filas, 0) || ' of ' || cargas.filas || ' rows') as ejemplo
from control.cargas as cargas
left join version
    on cargas.fecha = version.vigente_desde
where
    cargas.entidad = 'clientes'
    and cargas.fecha = any(%(dias)s::date[])
    and cargas.capa <> 'staging'
    and cargas.filas <> coalesce(version.filas, 0);
