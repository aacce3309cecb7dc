-- What a published day was computed with.
-- Grain: one row, none of days that were computed before this was noted.
select
    inicio,
    pais,
    entidades
from control.cortes
where fecha_corte = %(fecha)s::date
