-- Every movement of the days that the run touched that names a customer belongs to somebody who is one on its day.

with cliente as (
    select
        cliente_id,
        range_agg(dw.dias_de_cliente(vigente_desde, vigente_hasta, fecha_alta, fecha_baja)) as dias
    from dw.dim_cliente
    group by cliente_id
)

select
    count(distinct hecho_transacciones.cliente_id) as hallazgos,
    min('movement ' || hecho_transacciones.transaccion_id || ' of ' || hecho_transacciones.fecha) as ejemplo
from dw.hecho_transacciones as hecho_transacciones
left join cliente
    on hecho_transacciones.cliente_id = cliente.cliente_id
where
    hecho_transacciones.fecha = any(%(dias_del_mes)s::date[])
    and hecho_transacciones.cliente_id <> ''
    and (cliente.dias @> hecho_transacciones.fecha) is not true;
