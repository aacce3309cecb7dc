-- Where the source provides cards, every movement of the days that the run touched that names a card names one of them.
-- All cards are read once: there is an index for those of a customer, and none for a card alone.

with movimiento as materialized (
    select
        tarjeta_id,
        fecha,
        min(transaccion_id) as transaccion_id,
        count(*) as movimientos
    from dw.hecho_transacciones
    where fecha = any(%(dias_del_mes)s::date[]) and tarjeta_id is not null
    group by tarjeta_id, fecha
),

tarjeta as materialized (
    select distinct tarjeta_id
    from dw.historia_tarjetas
)

select
    coalesce(sum(movimiento.movimientos), 0)::bigint as hallazgos,
    min(
        'movement ' || movimiento.transaccion_id || ' of ' || movimiento.fecha || ', of ' || movimiento.movimientos
        || ' that day on its card'
    ) as ejemplo
from movimiento
left join tarjeta
    on movimiento.tarjeta_id = tarjeta.tarjeta_id
where
    tarjeta.tarjeta_id is null
    and (select min(conocida.fecha) from dw.historia_tarjetas as conocida) is not null;
