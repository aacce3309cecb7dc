select
    _archivo,
    _linea,
    cliente as cliente_id,
    alta as fecha,
    alta as fecha_alta
from crudo.clientes
