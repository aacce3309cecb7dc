select
    _archivo,
    _linea,
    cliente_id,
    fecha,
    c_1er_ingreso as ingresos_mensuales,
    alta_banco as fecha_alta
from crudo.clientes
