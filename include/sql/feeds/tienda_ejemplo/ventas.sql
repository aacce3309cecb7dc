-- An order has the total of its lines, whatever the order itself says (docs/examples/tienda/totales.sql shows which
-- disagree), the method of its largest payment, and the first address of its user. What the shop calls an order's state
-- is the last one: a cancelled order was never one, and so was, for lack of a date, one that was returned.

with direccion as (
    select distinct on (usuarioid)
        usuarioid,
        provincia
    from crudo.direcciones_envio
    order by usuarioid asc, _linea asc
),

pago as (
    select distinct on (ordenes_metodospago.ordenid)
        ordenes_metodospago.ordenid,
        metodos_pago.nombre
    from crudo.ordenes_metodospago as ordenes_metodospago
    left join crudo.metodos_pago as metodos_pago
        on ordenes_metodospago.metodopagoid = (metodos_pago._linea - 1)::text
    order by
        ordenes_metodospago.ordenid asc,
        nullif(numero(ordenes_metodospago.montopagado, ','), 'NaN') desc nulls last,
        ordenes_metodospago._linea asc
),

lineas as (
    select
        ordenid,
        sum(round(numero(cantidad, '.') * numero(preciounitario, '.'), 2)) as total
    from crudo.detalle_ordenes
    group by ordenid
)

select
    ordenes._archivo,
    ordenes._linea,
    ordenes.ordenid as venta_id,
    ordenes.usuarioid as cliente_id,
    direccion.provincia as provincia_envio,
    lineas.total,
    fecha(ordenes.fechaorden, 'DD/MM/YYYY HH24:MI') as fecha,
    fecha(ordenes.fechaorden, 'DD/MM/YYYY HH24:MI') as fecha_venta,
    case pago.nombre
        when 'Tarjeta de crédito' then 'otra_tarjeta'
        when 'Tarjeta de débito' then 'otra_tarjeta'
        when 'Transferencia bancaria' then 'transferencia'
        when 'Efectivo' then 'efectivo'
        when 'Billetera virtual' then 'billetera_virtual'
        else pago.nombre
    end as metodo_pago,
    case ordenes.estado
        when 'Pendiente' then 'completada'
        when 'Enviado' then 'completada'
        when 'Completado' then 'completada'
        when 'Cancelado' then 'cancelada'
        when 'Devuelto' then 'devuelta'
        else ordenes.estado
    end as estado
from crudo.ordenes as ordenes
left join direccion
    on ordenes.usuarioid = direccion.usuarioid
left join pago
    on ordenes.ordenid = pago.ordenid
left join lineas
    on ordenes.ordenid = lineas.ordenid
