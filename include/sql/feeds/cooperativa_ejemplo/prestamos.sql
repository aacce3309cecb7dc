-- A loan is known from the day on which it was granted. It names a member, or an account alone.

select
    _archivo,
    _linea,
    prestamo as prestamo_id,
    socio as cliente_id,
    cuenta as cuenta_id,
    importe as monto,
    tasa,
    plazo,
    fecha(otorgado, 'DD/MM/YYYY') as fecha,
    fecha(otorgado, 'DD/MM/YYYY') as fecha_otorgamiento,
    lower(estado) as estado
from crudo.prestamos
