-- The periods that marts look at, as of a business day, within a history that begins on the day inicio.

-- the first of the 365 days that end at fecha
create or replace function mart.desde_12m(inicio date, fecha date) returns date
language sql immutable parallel safe
return greatest(inicio, fecha - 364);

-- the first day of the 13 months that end with that of fecha
create or replace function mart.desde_13_meses(inicio date, fecha date) returns date
language sql immutable parallel safe
return greatest(inicio, (dw.mes(fecha) - interval '12 months')::date);

-- the last months up to that of fecha, each by its first and its last day
create or replace function mart.meses(inicio date, fecha date, cuantos integer)
returns table (mes date, ultimo_dia date)
language sql immutable parallel safe rows 13
as $$
select
    primer_dia::date as mes,
    (primer_dia + interval '1 month' - interval '1 day')::date as ultimo_dia
from
    generate_series(
        greatest(
            date_trunc('month', inicio::timestamp),
            date_trunc('month', fecha::timestamp) - make_interval(months => cuantos - 1)
        ),
        fecha::timestamp,
        interval '1 month'
    ) as primer_dia
$$;

-- the last 12 complete months by fecha, each by its first and its last day
create or replace function mart.meses_completos(inicio date, fecha date)
returns table (mes date, ultimo_dia date)
language sql immutable parallel safe rows 12
as $$
select
    primer_dia::date as mes,
    (primer_dia + interval '1 month' - interval '1 day')::date as ultimo_dia
from
    generate_series(
        greatest(
            date_trunc('month', (inicio - 1)::timestamp) + interval '1 month',
            date_trunc('month', (fecha + 1)::timestamp) - interval '12 months'
        ),
        date_trunc('month', (fecha + 1)::timestamp) - interval '1 month',
        interval '1 month'
    ) as primer_dia
$$;
