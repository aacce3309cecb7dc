select
    _archivo,
    _linea,
    cuenta as cuenta_id,
    moneda,
    inicial as saldo_inicial,
    date '2025-01-01' as fecha
from crudo.cuentas
