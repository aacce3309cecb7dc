-- Every row that a feed's mapping made of a file was accepted, is counted as a duplicate, as replaced or as unchanged,
-- or is in control.rechazos; and as many rows were loaded as were accepted, or follow for customers from full lists
-- (ausentes, regresos). Of several rejected rows of one line, control.rechazos has one.

with rechazada as (
    select
        archivo,
        entidad,
        count(*) as filas
    from control.rechazos
    where entidad <> ''
    group by archivo, entidad
),

contada as (
    select
        aceptadas,
        case when entidad in ('ausentes', 'regresos') then 'clientes' else entidad end as entidad
    from control.lecturas
),

aceptada as (
    select
        entidad,
        sum(aceptadas) as filas
    from contada
    where entidad = any(%(entidades)s::text[])
    group by entidad
),

cargada as (
    select
        entidad,
        sum(filas) as filas
    from control.cargas
    where exists (select 1 from control.entregas)
    group by entidad
),

hallazgo as (
    select
        coalesce(lecturas.entidad, rechazada.entidad) || ' of ' || coalesce(lecturas.archivo, rechazada.archivo)
        || ': ' || coalesce(lecturas.filas, 0) || ' rows, ' || coalesce(lecturas.aceptadas, 0) || ' accepted, '
        || coalesce(lecturas.repetidas, 0) || ' duplicates, ' || coalesce(lecturas.reemplazadas, 0) || ' replaced, '
        || coalesce(lecturas.sin_cambio, 0) || ' unchanged, ' || coalesce(lecturas.rechazadas, 0) || ' rejected of '
        || coalesce(rechazada.filas, 0) as que
    from control.lecturas as lecturas
    full outer join rechazada
        on
            lecturas.archivo = rechazada.archivo
            and lecturas.entidad = rechazada.entidad
    where
        coalesce(rechazada.filas, 0)
        not between least(1, coalesce(lecturas.rechazadas, 0)) and coalesce(lecturas.rechazadas, 0)
        or lecturas.filas
        <> lecturas.aceptadas + lecturas.repetidas + lecturas.reemplazadas + lecturas.sin_cambio + lecturas.rechazadas
    union all
    select
        coalesce(aceptada.entidad, cargada.entidad) || ': ' || coalesce(aceptada.filas, 0) || ' rows accepted, '
        || coalesce(cargada.filas, 0) || ' loaded' as que
    from aceptada
    full outer join cargada
        on aceptada.entidad = cargada.entidad
    where coalesce(aceptada.filas, 0) <> coalesce(cargada.filas, 0)
)

select
    count(*) as hallazgos,
    min(que) as ejemplo
from hallazgo;
