-- No two movements of a month share a transaccion_id. Checks the days that the run touched, month by month; what two
-- months share is left to transaccion_de_un_mes. The ids are counted in order, which costs little where they lie in
-- order, and compared by name only where there are fewer of them than movements.

with sobrante as (
    select count(*) - count(distinct transaccion_id) as movimientos
    from dw.hecho_transacciones
    where fecha = any(%(dias_del_mes)s::date[])
),

repetida as (
    select transaccion_id
    from dw.hecho_transacciones
    where
        fecha = any(%(dias_del_mes)s::date[])
        and (select sobrante.movimientos from sobrante) > 0
    group by transaccion_id
    having count(*) > 1
)

select
    count(*) as hallazgos,
    min(transaccion_id) as ejemplo
from repetida;
