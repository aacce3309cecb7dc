select
    _archivo,
    _linea,
    _fecha as fecha,
    moneda,
    valor as cotizacion
from crudo.cotizaciones
