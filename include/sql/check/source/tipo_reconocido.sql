-- The kind of every movement is known. Checks the days that the run touched. One of unknown kind counts in what came in
-- and left, and in no figure that goes by kinds.

with del_mes as (
    select
        dw.mes(fecha) as mes,
        min(transaccion_id) filter (where tipo_transaccion is null) as transaccion_id,
        count(*) filter (where tipo_transaccion is null) as movimientos,
        sum(monto) filter (where tipo_transaccion is null) as monto,
        sum(monto) as total
    from dw.hecho_transacciones
    where fecha = any(%(dias_del_mes)s::date[])
    group by dw.mes(fecha)
)

select
    coalesce(sum(movimientos), 0) as hallazgos,
    min(
        movimientos || ' movements of ' || mes || ', ' || round(100 * monto / total, 2)
        || ' per cent of the amount, such as ' || transaccion_id
    ) as ejemplo
from del_mes
where movimientos > 0;
