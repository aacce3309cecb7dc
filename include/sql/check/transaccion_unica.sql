-- No two movements of the day share a transaccion_id (within a customer and a day the primary key sees to it).

with repetida as (
    select transaccion_id
    from dw.hecho_transacciones
    where fecha = %(fecha)s::date
    group by transaccion_id
    having count(*) > 1
)

select
    count(*) as hallazgos,
    min(transaccion_id) as ejemplo
from repetida;
