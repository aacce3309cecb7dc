select
    _archivo,
    _linea,
    pago_id,
    fecha,
    cliente_id,
    venta_id,
    metodo_pago,
    cuotas,
    monto,
    estado,
    momento
from crudo.pagos_venta
