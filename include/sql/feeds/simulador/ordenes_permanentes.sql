select
    _archivo,
    _linea,
    orden_id,
    fecha,
    cliente_id,
    cuenta_id,
    monto,
    contraparte,
    rubro,
    desde,
    hasta
from crudo.ordenes_permanentes
