select
    _archivo,
    _linea,
    cliente_id,
    fecha,
    dni,
    nombre,
    apellido,
    email,
    fecha_nacimiento,
    provincia,
    ciudad,
    ocupacion,
    ingresos_mensuales,
    fecha_alta,
    fecha_baja,
    pais
from crudo.clientes
