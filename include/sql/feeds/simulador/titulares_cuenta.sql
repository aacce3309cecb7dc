select
    _archivo,
    _linea,
    cuenta_id,
    cliente_id,
    fecha,
    rol,
    participacion,
    desde,
    hasta
from crudo.titulares_cuenta
