-- Movements without ids: the file and the line are the id, so two equal movements of a day are two movements.

select
    _archivo,
    _linea,
    fecha,
    cliente_id,
    tipo_transaccion,
    monto,
    _archivo || ':' || _linea as transaccion_id
from crudo.transacciones
