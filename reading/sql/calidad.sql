-- What became of each day: its loads, its checks, and the rows of its feeds that were rejected.
-- Grain: one row per business day that was loaded, checked or delivered, the newest first.
-- Columns stand in the order in which people read them.
-- noqa: disable=ST06
with carga as (
    select
        fecha,
        sum(filas) as filas
    from control.cargas
    group by fecha
),

verificacion as (
    select
        fecha_corte as fecha,
        count(*) as verificaciones,
        count(*) filter (where not correcta and detiene) as fallidas,
        count(*) filter (where not correcta and not detiene) as advertencias
    from control.verificaciones
    group by fecha_corte
),

lectura as (
    select
        archivo,
        sum(rechazadas) as rechazadas
    from control.lecturas
    group by archivo
),

-- lines that could not even be read are in no reading
entrega as (
    select
        entregas.fecha_archivo as fecha,
        sum(entregas.lineas) as lineas,
        sum(entregas.lineas - entregas.leidas + coalesce(lectura.rechazadas, 0)) as rechazadas
    from control.entregas as entregas
    left join lectura
        on entregas.archivo = lectura.archivo
    where entregas.fecha_archivo is not null and entregas.copia_de is null
    group by entregas.fecha_archivo
)

select
    coalesce(carga.fecha, verificacion.fecha, entrega.fecha) as fecha,
    carga.filas,
    verificacion.verificaciones,
    verificacion.fallidas,
    verificacion.advertencias,
    entrega.lineas,
    entrega.rechazadas
from carga
full outer join verificacion
    on carga.fecha = verificacion.fecha
full outer join entrega
    on coalesce(carga.fecha, verificacion.fecha) = entrega.fecha
order by fecha desc
