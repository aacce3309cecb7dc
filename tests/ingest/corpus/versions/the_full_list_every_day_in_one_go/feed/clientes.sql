select
    _archivo,
    _linea,
    cliente as cliente_id,
    _fecha as fecha,
    nombre,
    ingresos as ingresos_mensuales,
    min(_fecha) over (partition by cliente) as fecha_alta
from crudo.padron
