-- No two movements of the days that the run touched share a transaccion_id.

with repetida as (
    select transaccion_id
    from dw.hecho_transacciones
    where fecha = any(%(dias)s::date[])
    group by transaccion_id
    having count(*) > 1
)

select
    count(*) as hallazgos,
    min(transaccion_id) as ejemplo
from repetida;
