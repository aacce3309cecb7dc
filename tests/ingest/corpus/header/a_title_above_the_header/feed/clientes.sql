select
    _archivo,
    _linea,
    cliente_id,
    fecha,
    nombre,
    ingresos as ingresos_mensuales,
    alta as fecha_alta
from crudo.clientes
