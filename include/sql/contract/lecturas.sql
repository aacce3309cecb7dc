-- control.lecturas: the outcome of the rows that the mapping made of each file.
-- Grain: one row per file and entity. Inputs: crudo._resumen, control.entregas.

with lectura as (
    select
        entregas.archivo,
        resumen.entidad,
        sum(resumen.filas) as filas,
        coalesce(sum(resumen.filas) filter (where resumen.estado is null), 0) as aceptadas,
        coalesce(sum(resumen.filas) filter (where resumen.estado = -1), 0) as repetidas,
        coalesce(sum(resumen.filas) filter (where resumen.estado = -2), 0) as reemplazadas,
        coalesce(sum(resumen.filas) filter (where resumen.estado = -3), 0) as sin_cambio,
        coalesce(sum(resumen.filas) filter (where resumen.estado > 0), 0) as rechazadas
    from crudo._resumen as resumen
    inner join control.entregas as entregas
        on resumen.entrega = entregas.entrega
    group by entregas.archivo, resumen.entidad
),

sobrante as (
    delete from control.lecturas as lecturas
    where
        not exists (
            select 1
            from lectura
            where lectura.archivo = lecturas.archivo and lectura.entidad = lecturas.entidad
        )
)

insert into control.lecturas as lecturas (
    archivo, entidad, filas, aceptadas, repetidas, reemplazadas, sin_cambio, rechazadas
)
select
    archivo,
    entidad,
    filas,
    aceptadas,
    repetidas,
    reemplazadas,
    sin_cambio,
    rechazadas
from lectura
on conflict (archivo, entidad) do update
    set
        filas = excluded.filas,
        aceptadas = excluded.aceptadas,
        repetidas = excluded.repetidas,
        reemplazadas = excluded.reemplazadas,
        sin_cambio = excluded.sin_cambio,
        rechazadas = excluded.rechazadas
    where
    (
        lecturas.filas, lecturas.aceptadas, lecturas.repetidas, lecturas.reemplazadas, lecturas.sin_cambio,
        lecturas.rechazadas
    ) <> (
        excluded.filas, excluded.aceptadas, excluded.repetidas, excluded.reemplazadas, excluded.sin_cambio,
        excluded.rechazadas
    );
