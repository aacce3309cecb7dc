select
    _archivo,
    _linea,
    cliente_id,
    fecha,
    nombre,
    ingresos as ingresos_mensuales,
    alta as fecha_alta
from crudo.clientes
where cliente_id is distinct from 'TOTAL' and nombre is distinct from 'prueba'
