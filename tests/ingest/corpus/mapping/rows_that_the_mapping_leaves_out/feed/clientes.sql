select
    _archivo,
    _linea,
    cliente_id,
    fecha,
    alta as fecha_alta
from crudo.clientes
where cliente_id not like 'T%'
