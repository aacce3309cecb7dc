-- cliente_comercio, for this transaction: the shop's half of cliente_360.
-- Grain: one row per customer who is one at the end of the day fecha. Inputs: cliente_compras and cliente_rfm, of this
-- transaction, dw.hecho_envios, dw.hecho_contactos, dw.hecho_pagos.
-- It looks at the 365 days that end at fecha. What the source provides no rows for is null, not 0.

create temporary table cliente_comercio on commit drop as
with entrega as (
    select
        cliente_id,
        round(count(*) filter (where fecha_entrega > fecha_prometida) * 100.0 / count(*), 2) as demoradas_pct
    from dw.hecho_envios
    where
        fecha_entrega between mart.desde_12m(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        -- known no earlier than it took place: an index finds them in the partitions of any month
        and entrega_conocida between mart.desde_12m(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and promesa_conocida <= %(fecha)s::date
        and 'envios' = any(%(entidades)s::text[])
    group by cliente_id
),

contacto as (
    select
        cliente_id,
        count(*) as contactos
    from dw.hecho_contactos
    where
        fecha between mart.desde_12m(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and grupo = 'tratamiento'
    group by cliente_id
),

medio_pago as (
    select distinct on (cliente_id)
        cliente_id,
        metodo_pago
    from dw.hecho_pagos
    where
        fecha between mart.desde_12m(%(inicio)s::date, %(fecha)s::date) and %(fecha)s::date
        and 'pagos_venta' = any(%(entidades)s::text[])
    group by cliente_id, metodo_pago
    having count(*) filter (where estado = 'aprobado') > 0
    order by
        cliente_id asc,
        sum(case estado when 'aprobado' then monto when 'reembolsado' then -monto else 0 end) desc,
        metodo_pago asc
)

select
    compras.cliente_id,
    compras.compras_12m,
    compras.monto_compras_12m,
    compras.monto_devuelto_12m,
    compras.monto_neto_12m,
    compras.ticket_promedio,
    compras.primera_compra,
    compras.ultima_compra,
    compras.dias_sin_comprar,
    compras.tipo_comprador,
    rfm.segmento_rfm,
    compras.categoria_favorita,
    entrega.demoradas_pct as entregas_demoradas_pct,
    case when 'contactos_campania' = any(%(entidades)s::text[]) then coalesce(contacto.contactos, 0) end
        as contactos_campania_12m,
    medio_pago.metodo_pago as medio_pago_preferido
from cliente_compras as compras
left join cliente_rfm as rfm
    on compras.cliente_id = rfm.cliente_id
left join entrega
    on compras.cliente_id = entrega.cliente_id
left join contacto
    on compras.cliente_id = contacto.cliente_id
left join medio_pago
    on compras.cliente_id = medio_pago.cliente_id;
