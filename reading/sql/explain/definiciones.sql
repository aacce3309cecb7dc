-- What each column of cliente_360 means, in the words of the models. Grain: one row per column, in order.
select
    attname::text as columna,
    col_description(attrelid, attnum) as definicion
from pg_attribute
where
    attrelid = 'mart.cliente_360_historico'::regclass
    and attnum > 0
    and not attisdropped
order by attnum
