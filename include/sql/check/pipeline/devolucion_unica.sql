-- No two returns of the days that the run touched share a devolucion_id.

with repetida as (
    select devolucion_id
    from dw.hecho_devoluciones
    where fecha = any(%(dias)s::date[])
    group by devolucion_id
    having count(*) > 1
)

select
    count(*) as hallazgos,
    min(devolucion_id) as ejemplo
from repetida;
