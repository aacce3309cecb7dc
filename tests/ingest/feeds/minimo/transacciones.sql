select
    _archivo,
    _linea,
    id as transaccion_id,
    cliente as cliente_id,
    fecha,
    tipo as tipo_transaccion,
    monto
from crudo.movimientos
