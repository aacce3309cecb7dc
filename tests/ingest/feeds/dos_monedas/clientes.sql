select
    _archivo,
    _linea,
    cliente as cliente_id,
    sueldo as ingresos_mensuales,
    date '2025-01-01' as fecha,
    date '2025-01-01' as fecha_alta
from crudo.clientes
