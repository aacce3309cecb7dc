-- Entities of which more than umbral per cent of the rows were rejected, and kinds of files of which as many lines
-- could not be read.
-- Inputs: the temporary tables resumen and defecto, control.entregas, control.rechazos.

with leida as (
    select
        resumen.entidad as que,
        defecto.motivo,
        resumen.filas
    from resumen
    left join defecto
        on
            resumen.entidad = defecto.entidad
            and resumen.estado = defecto.estado
    union all
    select
        'lines of ' || tabla as que,
        null as motivo,
        leidas as filas
    from control.entregas
    union all
    select
        'lines of ' || entregas.tabla as que,
        rechazos.motivo,
        1 as filas
    from control.rechazos as rechazos
    inner join control.entregas as entregas
        on rechazos.archivo = entregas.archivo
    where rechazos.motivo = any(%(de_la_linea)s::text[])
),

contada as (
    select
        que,
        motivo,
        sum(filas) as filas
    from leida
    group by que, motivo
)

select
    que,
    sum(filas) filter (where motivo is not null) as rechazadas,
    sum(filas) as filas,
    string_agg(motivo || ' ' || filas, ', ' order by filas desc, motivo asc) as motivos
from contada
group by que
having sum(filas) filter (where motivo is not null) * 100 > %(umbral)s * sum(filas)
order by que;
