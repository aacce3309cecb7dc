select
    _archivo,
    _linea,
    resumen as resumen_id,
    cliente as cliente_id,
    tarjeta as tarjeta_id,
    cierre as fecha,
    cierre as fecha_cierre,
    vence as fecha_vencimiento,
    total,
    minimo
from crudo.resumenes
