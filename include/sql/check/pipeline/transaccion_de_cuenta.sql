-- Every movement of the days that the run touched that names an account is of one that is open on its day, and one that
-- names none names a customer.

with cuenta as (
    select
        cuenta_id,
        range_agg(
            dw.dias_de_cliente(vigente_desde, vigente_hasta, coalesce(fecha_apertura, vigente_desde), fecha_cierre)
        ) as dias
    from dw.dim_cuenta
    group by cuenta_id
)

select
    count(distinct coalesce(movimiento.cuenta_id, '')) as hallazgos,
    min(
        'movement ' || movimiento.transaccion_id || ' of ' || movimiento.fecha
        || coalesce(', account ' || movimiento.cuenta_id, ', without an account')
    ) as ejemplo
from dw.hecho_transacciones as movimiento
left join cuenta
    on movimiento.cuenta_id = cuenta.cuenta_id
where
    movimiento.fecha = any(%(dias_del_mes)s::date[])
    and (movimiento.cuenta_id is not null or movimiento.cliente_id = '')
    and (cuenta.dias @> movimiento.fecha) is not true;
