-- pedido_tocado, for this transaction: what is known of the orders that the days from desde to hasta touch.
-- Grain: one row per order of venta_tocada, which historia_ventas has left; all but the key is null of orders of which
-- no state is left. Input: dw.historia_ventas.
-- All is derived from all states, so the order in which days arrive does not matter: what an order is, from its first
-- one, and when it reached each step, from the first that says so.

-- historia_ventas has just filled it
select control.analyze_grown('dw.historia_ventas');

create temporary table pedido_tocado on commit drop as
with estado_conocido as (
    select
        historia_ventas.*,
        row_number() over (
            partition by historia_ventas.cliente_id, historia_ventas.venta_id
            order by historia_ventas.fecha, dw.state_rank(historia_ventas.estado)
        ) as orden
    from dw.historia_ventas as historia_ventas
    inner join venta_tocada
        on
            historia_ventas.cliente_id = venta_tocada.cliente_id
            and historia_ventas.venta_id = venta_tocada.venta_id
),

pedido_conocido as (
    select
        cliente_id,
        venta_id,
        min(fecha_venta) as fecha_venta,
        max(metodo_pago) filter (where orden = 1) as metodo_pago,
        max(provincia_envio) filter (where orden = 1) as provincia_envio,
        max(campania_id) filter (where orden = 1) as campania_id,
        max(canal) filter (where orden = 1) as canal,
        max(sucursal) filter (where orden = 1) as sucursal,
        max(vendedor) filter (where orden = 1) as vendedor,
        max(cargo_envio) filter (where orden = 1) as cargo_envio,
        min(fecha) filter (where estado = 'aprobada') as fecha_aprobada,
        min(fecha) filter (where estado = 'facturada') as fecha_facturada,
        min(fecha) filter (where estado = 'despachada') as fecha_despachada,
        min(fecha) filter (where estado = 'entregada') as fecha_entregada,
        min(fecha) filter (where dw.anula(estado)) as fecha_anulacion,
        (array_agg(estado order by orden) filter (where dw.anula(estado)))[1] as anulacion,
        max(momento) filter (where orden = 1) as momento,
        min(momento) filter (where estado = 'aprobada') as momento_aprobada,
        min(momento) filter (where estado = 'facturada') as momento_facturada,
        min(momento) filter (where estado = 'despachada') as momento_despachada,
        min(momento) filter (where estado = 'entregada') as momento_entregada
    from estado_conocido
    group by cliente_id, venta_id
)

select
    venta_tocada.cliente_id,
    venta_tocada.venta_id,
    least(venta_tocada.fecha_venta, pedido_conocido.fecha_venta) as fecha_venta,
    pedido_conocido.metodo_pago,
    pedido_conocido.provincia_envio,
    pedido_conocido.campania_id,
    pedido_conocido.canal,
    pedido_conocido.sucursal,
    pedido_conocido.vendedor,
    pedido_conocido.cargo_envio,
    pedido_conocido.fecha_aprobada,
    pedido_conocido.fecha_facturada,
    pedido_conocido.fecha_despachada,
    pedido_conocido.fecha_entregada,
    pedido_conocido.fecha_anulacion,
    pedido_conocido.anulacion,
    pedido_conocido.momento,
    pedido_conocido.momento_aprobada,
    pedido_conocido.momento_facturada,
    pedido_conocido.momento_despachada,
    pedido_conocido.momento_entregada,
    pedido_conocido.venta_id is not null as es_conocido
from venta_tocada
left join pedido_conocido
    on
        venta_tocada.cliente_id = pedido_conocido.cliente_id
        and venta_tocada.venta_id = pedido_conocido.venta_id;

analyze pedido_tocado;
