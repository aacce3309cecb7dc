-- What is known of the orders that their later states, lines, shipments and movements refer to. Customer and day are
-- those of the first state, which became known on the day of the order.
-- Grain: one row per venta_id of any row, rejected ones included. Input: typed rows of the entity, all of those keys.

drop table if exists %(conocidos)s;

create unlogged table %(conocidos)s as
with primera as (
    select distinct on (venta_id)
        venta_id,
        cliente_id,
        fecha_venta
    from %(tipadas)s
    where _estado is null and fecha = fecha_venta
    order by venta_id, fecha, dw.state_rank(estado)
),

nombrada as (
    select
        venta_id,
        bool_or(_estado > 0) as rechazada
    from %(tipadas)s
    where venta_id is not null
    group by venta_id
)

select
    nombrada.venta_id as _ventas,
    primera.cliente_id as _ventas_cliente,
    primera.fecha_venta as _ventas_fecha,
    coalesce(nombrada.rechazada, false) as _ventas_rechazado
from nombrada
left join primera
    on nombrada.venta_id = primera.venta_id;

-- for the joins with the rows that refer to them: each key is there once
analyze %(conocidos)s;
