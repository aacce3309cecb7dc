-- A standing order is known from its first day on.

select
    _archivo,
    _linea,
    orden as orden_id,
    socio as cliente_id,
    importe as monto,
    beneficiario as contraparte,
    concepto as rubro,
    fecha(desde, 'DD/MM/YYYY') as fecha,
    fecha(desde, 'DD/MM/YYYY') as desde,
    fecha(hasta, 'DD/MM/YYYY') as hasta
from crudo.debitos
