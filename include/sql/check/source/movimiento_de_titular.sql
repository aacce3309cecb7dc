-- Every movement of the days that the run touched that names only its account is of one that somebody holds on the last
-- day of its month, or on the business day where that is earlier: else it is nobody's.

with movimiento as materialized (
    select
        cuenta_id,
        fecha,
        least(dw.ultimo_dia(fecha), %(fecha)s::date) as dia,
        min(transaccion_id) as transaccion_id,
        count(*) as movimientos
    from dw.hecho_transacciones
    where fecha = any(%(dias_del_mes)s::date[]) and cliente_id = '' and cuenta_id is not null
    group by cuenta_id, fecha
)

select
    coalesce(sum(movimiento.movimientos), 0)::bigint as hallazgos,
    min(
        'movement ' || movimiento.transaccion_id || ' of ' || movimiento.fecha || ', of ' || movimiento.movimientos
        || ' that day on account ' || movimiento.cuenta_id
    ) as ejemplo
from movimiento
left join dw.titularidad as titular
    on
        movimiento.cuenta_id = titular.cuenta_id
        and dw.vigente(titular.desde, titular.hasta, movimiento.dia)
where titular.cuenta_id is null;
