select
    _archivo,
    _linea,
    cuota_id,
    fecha,
    cliente_id,
    prestamo_id,
    numero,
    vencimiento,
    monto,
    capital,
    pagado_el
from crudo.cuotas
