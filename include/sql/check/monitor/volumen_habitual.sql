-- Each entity has about as many rows a day as on the same day of the week and at the same time of the month before.
-- Checks the days that the run touched, and those between, of entities that come on most such days.

with dia as (
    select array_agg(dia::date) as dias
    from generate_series(
        (select min(tocado) from unnest(%(dias)s::date[]) as tocado), %(fecha)s::date, interval '1 day'
    ) as dia
)

select
    count(*) as hallazgos,
    min(
        medida.entidad || ' of ' || medida.fecha || ': ' || medida.valor || ' rows, usually ' || round(medida.mediana)
    ) as ejemplo
from dia
cross join lateral control.unusual_measures('filas', dia.dias) as medida;
