-- No depot has a negative stock of a product at the end of a day, from the first month that the run touched to fecha.

with desde as (
    select dw.mes(min(dia)) as mes
    from unnest(%(dias)s::date[]) as dia
),

cambio as (
    select
        producto_id,
        deposito,
        date '-infinity' as fecha,
        sum(cambio) as cantidad
    from mart.stock_mensual
    where mes < (select desde.mes from desde)
    group by producto_id, deposito
    union all
    select
        producto_id,
        deposito,
        fecha,
        sum(cantidad) as cantidad
    from dw.hecho_stock
    where fecha between (select desde.mes from desde) and %(fecha)s::date
    group by producto_id, deposito, fecha
),

existencia as (
    select
        producto_id,
        deposito,
        fecha,
        sum(cantidad) over (partition by producto_id, deposito order by fecha) as cantidad
    from cambio
)

select
    count(*) as hallazgos,
    min(producto_id || ' in ' || deposito || ' on ' || fecha || ': ' || trim_scale(cantidad) || ' units') as ejemplo
from existencia
where cantidad < 0;
