-- Every movement of the days that the run touched belongs to a customer, between fecha_alta and fecha_baja.

with actividad as (
    select
        cliente_id,
        min(fecha) as primera,
        max(fecha) as ultima
    from dw.hecho_transacciones
    where fecha = any(%(dias)s::date[])
    group by cliente_id
),

cliente as (
    select
        cliente_id,
        min(fecha_alta) as fecha_alta,
        min(vigente_desde) as conocido_desde,
        min(fecha_baja) as fecha_baja
    from dw.dim_cliente
    group by cliente_id
)

select
    count(*) as hallazgos,
    min('a customer with movements from ' || actividad.primera || ' to ' || actividad.ultima) as ejemplo
from actividad
left join cliente
    on actividad.cliente_id = cliente.cliente_id
where
    cliente.cliente_id is null
    or actividad.primera < greatest(cliente.fecha_alta, cliente.conocido_desde)
    or actividad.ultima >= cliente.fecha_baja;
