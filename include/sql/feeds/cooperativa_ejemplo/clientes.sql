-- A member is known from the day of joining on.

select
    _archivo,
    _linea,
    nro as cliente_id,
    nombre,
    provincia,
    ingresos as ingresos_mensuales,
    fecha(alta, 'DD/MM/YYYY') as fecha,
    fecha(alta, 'DD/MM/YYYY') as fecha_alta
from crudo.socios
