select
    _archivo,
    _linea,
    socio as cliente_id,
    documento as dni,
    nombre,
    email,
    nacimiento as fecha_nacimiento,
    provincia,
    pais,
    date '2025-01-01' as fecha,
    date '2025-01-01' as fecha_alta
from crudo.socios
