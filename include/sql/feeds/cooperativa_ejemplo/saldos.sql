-- A balance is that at the end of the day of its file.

select
    _archivo,
    _linea,
    _fecha as fecha,
    cuenta as cuenta_id,
    saldo
from crudo.saldos
