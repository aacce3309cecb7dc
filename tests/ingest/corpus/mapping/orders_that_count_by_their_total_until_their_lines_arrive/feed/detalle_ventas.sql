select
    renglones._archivo,
    renglones._linea,
    renglones.orden as venta_id,
    renglones.renglon as linea,
    pedidos.dia as fecha,
    pedidos.cliente as cliente_id,
    renglones.producto as producto_id,
    renglones.cantidad,
    renglones.precio as precio_unitario,
    '0' as descuento
from crudo.renglones as renglones
left join crudo.pedidos as pedidos
    on renglones.orden = pedidos.orden
union all
select
    _archivo,
    _linea,
    orden as venta_id,
    '1' as linea,
    dia as fecha,
    cliente as cliente_id,
    'sin_detalle' as producto_id,
    '1' as cantidad,
    importe as precio_unitario,
    '0' as descuento
from crudo.pedidos as pedidos
where
    not exists (
        select
        from crudo.renglones as renglones
        where renglones.orden = pedidos.orden
    )
