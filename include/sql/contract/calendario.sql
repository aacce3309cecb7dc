-- The days of a century by their ISO text. A lookup is faster than a parse.
-- Grain: one row per day.

drop table if exists crudo._calendario;

create unlogged table crudo._calendario as
select
    dia::date as dia,
    to_char(dia, 'YYYY-MM-DD') as texto
from generate_series(timestamp '1950-01-01', '2049-12-31', '1 day') as dia;

analyze crudo._calendario;
