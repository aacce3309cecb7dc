select
    _archivo,
    _linea,
    campania_id,
    fecha,
    nombre,
    canal,
    categoria,
    fecha_inicio,
    fecha_fin,
    presupuesto
from crudo.campanias
