-- What is known of the customers that movements, orders and contacts refer to.
-- Grain: one row per cliente_id of any row, rejected ones included. Input: crudo._clientes.

drop table if exists crudo._conocidos_clientes;

create unlogged table crudo._conocidos_clientes as
select
    cliente_id as _clientes,
    min(fecha) filter (where _estado is null) as _clientes_conocido,
    greatest(
        min(fecha) filter (where _estado is null), min(fecha_alta) filter (where _estado is null)
    ) as _clientes_desde,
    min(fecha_baja) filter (where _estado is null) as _clientes_hasta,
    coalesce(bool_or(_estado > 0), false) as _clientes_rechazado
from crudo._clientes
where cliente_id is not null
group by cliente_id;

-- for the joins with the rows that refer to them: each key is there once
analyze crudo._conocidos_clientes;
