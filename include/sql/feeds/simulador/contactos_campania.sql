select
    _archivo,
    _linea,
    campania_id,
    fecha,
    cliente_id,
    grupo
from crudo.contactos_campania
