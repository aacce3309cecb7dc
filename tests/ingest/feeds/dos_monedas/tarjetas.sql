select
    _archivo,
    _linea,
    tarjeta as tarjeta_id,
    cliente as cliente_id,
    moneda,
    limite,
    date '2025-01-01' as fecha
from crudo.tarjetas
