-- No two stock movements of the days that the run touched share a movimiento_id.

with repetido as (
    select movimiento_id
    from dw.hecho_stock
    where fecha = any(%(dias)s::date[])
    group by movimiento_id
    having count(*) > 1
)

select
    count(*) as hallazgos,
    min(movimiento_id) as ejemplo
from repetido;
