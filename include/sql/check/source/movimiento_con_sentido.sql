-- Where the source says in which direction movements go, in the month or the one before, it says so of every one.
-- Checks the days that the run touched. A source that never says so has no flows.

select
    count(*) as hallazgos,
    min('movement ' || transaccion_id || ' of ' || fecha) as ejemplo
from dw.hecho_transacciones
where
    fecha = any(%(dias_del_mes)s::date[])
    and sentido is null
    and exists (
        select 1
        from mart.gasto_mensual
        where
            gasto_mensual.mes between (%(mes)s::date - interval '1 month')::date and %(mes)s::date
            and gasto_mensual.ingresos_totales is not null
    );
