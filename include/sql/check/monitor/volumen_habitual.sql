-- Each entity has about as many rows a day as on the same day of the week and at the same time of the month before.
-- Checks the last seven days that the run touched, and those between of the week to the business day, of entities that
-- come on most such days.

with dia as (
    select unnest(%(ultimos_dias)s::date[]) as fecha
    union
    select generate_series(greatest(min(tocado), %(fecha)s::date - 6), %(fecha)s::date, interval '1 day')::date
    from unnest(%(ultimos_dias)s::date[]) as tocado
),

juzgado as (
    select array_agg(fecha) as dias
    from dia
)

select
    count(*) as hallazgos,
    min(
        medida.entidad || ' of ' || medida.fecha || ': ' || medida.valor || ' rows, usually ' || round(medida.mediana)
    ) as ejemplo
from juzgado
cross join lateral control.unusual_measures('filas', juzgado.dias) as medida;
