-- A card is known from the day on which it was opened.

select
    _archivo,
    _linea,
    tarjeta as tarjeta_id,
    socio as cliente_id,
    limite,
    cierre as dia_cierre,
    vence as dia_vencimiento,
    fecha(alta, 'DD/MM/YYYY') as fecha,
    fecha(alta, 'DD/MM/YYYY') as fecha_alta
from crudo.tarjetas
