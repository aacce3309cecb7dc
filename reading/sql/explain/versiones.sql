-- The versions of a customer that were known by the day; that of the day is the last one.
-- Grain: one row per version. fecha is the business day on which it became known.
select
    cliente_id,
    vigente_desde as fecha,
    vigente_hasta,
    nombre,
    apellido,
    fecha_nacimiento,
    provincia,
    pais,
    ocupacion,
    ingresos_mensuales,
    fecha_alta,
    fecha_baja
from dw.dim_cliente
where
    cliente_id = %(cliente_id)s
    and vigente_desde <= %(fecha)s::date
order by vigente_desde
