-- dw.hecho_envios has one row, with the right delivery, for each shipment of which something became known on the days
-- that the run touched.

with esperado as (
    select
        cliente_id,
        venta_id,
        deposito,
        min(fecha) as fecha,
        min(fecha) filter (where estado = 'entregado') as entrega_conocida
    from dw.historia_envios
    where (cliente_id, venta_id) in (
        select
            tocado.cliente_id,
            tocado.venta_id
        from dw.historia_envios as tocado
        where tocado.fecha = any(%(dias)s::date[])
    )
    group by cliente_id, venta_id, deposito
)

select
    count(*) as hallazgos,
    min(
        esperado.venta_id || ' from ' || esperado.deposito
        || case
            when hecho_envios.venta_id is null then ', which has no row'
            else ', which has another day of delivery'
        end
    ) as ejemplo
from esperado
left join dw.hecho_envios as hecho_envios
    on
        hecho_envios.fecha >= (select min(primero.fecha) from esperado as primero)
        and esperado.cliente_id = hecho_envios.cliente_id
        and esperado.fecha = hecho_envios.fecha
        and esperado.venta_id = hecho_envios.venta_id
        and esperado.deposito = hecho_envios.deposito
where
    hecho_envios.venta_id is null
    or esperado.entrega_conocida is distinct from hecho_envios.entrega_conocida;
