-- What is usual of the rows of a day: what a measure is on the days, and what it was on those that they are compared
-- with, by entity, day and column. By the day of the week there are their number, the median, the deviation of a normal
-- distribution with their quartiles, and the tenth; of all of them the twentieths at both ends. filas and magnitud
-- count as they stand, categoria by the number of values, the others as a share of the rows. An entity without a
-- measure of a day has no rows on it; other measures are compared on days with rows. A day is `agitado` in the week
-- from a day of trade on, and up to three days after a public holiday: nothing before is like what happens then.
create or replace function control.usual_measures(
    medida_juzgada text,
    dias date[],
    out entidad text,
    out fecha date,
    out columna text,
    out filas numeric,
    out valor numeric,
    out agitado boolean,
    out comparados bigint,
    out mediana numeric,
    out desvio numeric,
    out decimo numeric,
    out bajo numeric,
    out alto numeric
) returns setof record
language plpgsql stable
set enable_nestloop = off
as $$
#variable_conflict use_column
begin
    return query
with pareja as materialized (
    select * from control.comparable_days(dias)
),

contado as materialized (
    select
        entidad,
        fecha,
        valor as filas
    from control.medidas
    where
        medida = 'filas'
        and valor > 0
        and fecha between (select min(pareja.otro) from pareja) and (select max(pareja.dia) from pareja)
),

habitual as (
    select
        entidad,
        percentile_cont(0.5) within group (order by filas) as filas
    from contado
    group by entidad
),

-- a few rows under a date of long before, which somebody wrote wrong, are no beginning
comienzo as materialized (
    select
        contado.entidad,
        min(contado.fecha) as desde
    from contado
    inner join habitual
        on contado.entidad = habitual.entidad and contado.filas >= habitual.filas / 10
    group by contado.entidad
),

serie as materialized (
    select
        medidas.entidad,
        medidas.fecha,
        medidas.columna,
        contado.filas,
        case
            when medida_juzgada in ('filas', 'magnitud') then sum(medidas.valor)
            when medida_juzgada = 'categoria' then count(*)
            else sum(medidas.valor) / contado.filas
        end as valor
    from control.medidas as medidas
    inner join contado
        on medidas.entidad = contado.entidad and medidas.fecha = contado.fecha
    where
        medidas.medida = medida_juzgada
        and medidas.fecha between (select min(pareja.otro) from pareja) and (select max(pareja.dia) from pareja)
    group by medidas.entidad, medidas.fecha, medidas.columna, contado.filas
),

juzgada as (
    select entidad, fecha, columna, filas, valor
    from serie
    where fecha = any(dias)
    union all
    select comienzo.entidad, dia, '', 0, 0
    from comienzo
    inner join unnest(dias) as dia on comienzo.desde < dia
    left join contado on comienzo.entidad = contado.entidad and dia = contado.fecha
    where medida_juzgada = 'filas' and contado.fecha is null
),

historia as (
    select
        juzgada.*,
        pareja.por = 'semana' as de_la_semana,
        coalesce(serie.valor, case when medida_juzgada <> 'magnitud' then 0 end) as otro_valor
    from juzgada
    inner join pareja
        on juzgada.fecha = pareja.dia
    inner join comienzo
        on juzgada.entidad = comienzo.entidad and pareja.otro >= comienzo.desde
    left join contado
        on juzgada.entidad = contado.entidad and pareja.otro = contado.fecha
    left join serie
        on juzgada.entidad = serie.entidad and juzgada.columna = serie.columna and pareja.otro = serie.fecha
    where medida_juzgada = 'filas' or contado.filas > 0
),

agitado as (
    select distinct fecha + demora as fecha
    from dw.dim_fecha
    cross join generate_series(0, 7) as demora
    where dia_especial is not null or (feriado is not null and demora <= 3)
),

resumida as (
    select
        entidad,
        fecha,
        columna,
        filas,
        valor,
        count(otro_valor) filter (where de_la_semana) as comparados,
        percentile_cont(array[0.1, 0.25, 0.5, 0.75]) within group (order by otro_valor)
            filter (where de_la_semana) as semana,
        percentile_cont(array[0.05, 0.95]) within group (order by otro_valor) as todos
    from historia
    group by entidad, fecha, columna, filas, valor
)

select
    entidad,
    fecha,
    columna,
    filas,
    valor,
    fecha in (select agitado.fecha from agitado),
    comparados,
    semana[3]::numeric,
    ((semana[4] - semana[2]) / 1.349)::numeric,
    semana[1]::numeric,
    todos[1]::numeric,
    todos[2]::numeric
from resumida;
end
$$;
