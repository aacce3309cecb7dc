select
    _archivo,
    _linea,
    cuenta as cuenta_id,
    cliente as cliente_id,
    date '2025-01-01' as fecha
from crudo.cuentas
