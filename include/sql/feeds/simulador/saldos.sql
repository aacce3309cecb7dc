select
    _archivo,
    _linea,
    cuenta_id,
    fecha,
    saldo
from crudo.saldos
