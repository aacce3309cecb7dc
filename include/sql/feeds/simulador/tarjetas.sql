select
    _archivo,
    _linea,
    tarjeta_id,
    fecha,
    cliente_id,
    cuenta_id,
    moneda,
    limite,
    dia_cierre,
    dia_vencimiento,
    fecha_alta,
    fecha_baja
from crudo.tarjetas
