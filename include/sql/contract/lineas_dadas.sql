-- The lines that the SELECT of an entity gave back.

select
    _entrega,
    _linea
from %(tipadas)s
