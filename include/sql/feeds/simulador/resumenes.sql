select
    _archivo,
    _linea,
    resumen_id,
    fecha,
    cliente_id,
    tarjeta_id,
    fecha_cierre,
    fecha_vencimiento,
    total,
    minimo,
    pagado,
    pagado_el
from crudo.resumenes
