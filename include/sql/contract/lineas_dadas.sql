-- The lines that the SELECT of an entity returned.

select
    _entrega,
    _linea
from %(tipadas)s
