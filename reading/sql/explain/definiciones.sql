-- What each column of cliente_360 means, in the words of the models, with the currency of the source, which the models
-- take for pesos. Grain: one row per column, in order.
with fuente as (
    select coalesce(min(moneda), 'the currency of the source') as moneda
    from control.fuentes
)

select
    columna.attname::text as columna,
    replace(
        col_description(columna.attrelid, columna.attnum),
        'pesos',
        case fuente.moneda when 'ARS' then 'pesos' else fuente.moneda end
    ) as definicion
from pg_attribute as columna
cross join fuente
where
    columna.attrelid = 'mart.cliente_360_historico'::regclass
    and columna.attnum > 0
    and not columna.attisdropped
order by columna.attnum
