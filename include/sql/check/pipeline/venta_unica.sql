-- No two customers or days share a venta_id among the orders of the days that the run touched.

with repetida as (
    select venta_id
    from dw.historia_ventas
    where fecha_venta = any(%(dias)s::date[]) and fecha = any(%(dias)s::date[])
    group by venta_id
    having min(cliente_id) <> max(cliente_id) or min(fecha_venta) <> max(fecha_venta)
)

select
    count(*) as hallazgos,
    min(venta_id) as ejemplo
from repetida;
