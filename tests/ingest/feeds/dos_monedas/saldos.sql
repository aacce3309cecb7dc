select
    _archivo,
    _linea,
    _fecha as fecha,
    cuenta as cuenta_id,
    saldo
from crudo.saldos
