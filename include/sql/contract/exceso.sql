-- Entities with more than umbral per cent of their rows rejected, and kinds of files with as many lines that were
-- unreadable or that no SELECT returned.
-- Inputs: crudo._resumen, the temporary table defecto, control.entregas, control.rechazos.

with perdida as (
    select
        archivo,
        motivo,
        count(*) as filas
    from control.rechazos
    where entidad = ''
    group by archivo, motivo
),

leida as (
    select
        resumen.entidad as que,
        defecto.motivo || coalesce(' in ' || defecto.columna, '') as motivo,
        resumen.filas
    from crudo._resumen as resumen
    left join defecto
        on
            resumen.entidad = defecto.entidad
            and resumen.estado = defecto.estado
    union all
    select
        'lines of ' || entregas.tabla as que,
        null as motivo,
        entregas.lineas - coalesce(sum(perdida.filas), 0) as filas
    from control.entregas as entregas
    left join perdida
        on entregas.archivo = perdida.archivo
    where entregas.copia_de is null
    group by entregas.archivo, entregas.tabla, entregas.lineas
    union all
    select
        'lines of ' || entregas.tabla as que,
        perdida.motivo,
        perdida.filas
    from perdida
    inner join control.entregas as entregas
        on perdida.archivo = entregas.archivo
    where entregas.copia_de is null
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
    string_agg(filas || ' ' || motivo, ', ' order by filas desc, motivo asc) as motivos
from contada
group by que
having sum(filas) filter (where motivo is not null) * 100 > %(umbral)s * sum(filas)
order by que;
