-- corte, for this transaction: the days as of which credit is looked at. Grain: one row for each of the 13 months that
-- end with that of fecha, its last day, of the last one fecha.

create temporary table corte on commit drop as
select
    mes,
    least(ultimo_dia, %(fecha)s::date) as corte
from mart.meses(%(inicio)s::date, %(fecha)s::date, 13);
