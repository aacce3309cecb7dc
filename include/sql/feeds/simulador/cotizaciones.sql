select
    _archivo,
    _linea,
    moneda,
    fecha,
    cotizacion
from crudo.cotizaciones
