select
    _archivo,
    _linea,
    cliente_id || sufijo as cliente_id,
    fecha,
    alta || sufijo as fecha_alta
from crudo.clientes
cross join (values (''), ('b'), ('c')) as copia (sufijo)
