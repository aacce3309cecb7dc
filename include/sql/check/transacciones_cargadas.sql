-- dw.hecho_transacciones has as many rows of each day that the run touched as the landing file had.

with movimiento as (
    select
        fecha,
        count(*) as filas
    from dw.hecho_transacciones
    where fecha = any(%(dias)s::date[])
    group by fecha
)

select
    count(*) as hallazgos,
    min(cargas.fecha || ': ' || coalesce(movimiento.filas, 0) || ' of ' || cargas.filas || ' rows') as ejemplo
from control.cargas as cargas
left join movimiento
    on cargas.fecha = movimiento.fecha
where
    cargas.entidad = 'transacciones'
    and cargas.fecha = any(%(dias)s::date[])
    and cargas.capa <> 'staging'
    and cargas.filas <> coalesce(movimiento.filas, 0);
