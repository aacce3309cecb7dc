-- No two payments of the days that the run touched share a pago_id and a state.

with repetido as (
    select
        pago_id,
        estado
    from dw.hecho_pagos
    where fecha = any(%(dias)s::date[])
    group by pago_id, estado
    having count(*) > 1
)

select
    count(*) as hallazgos,
    min(pago_id || ' as ' || estado) as ejemplo
from repetido;
