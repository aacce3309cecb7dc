-- No customer known on the day leaves before the day of joining: such a version says of no day that the person is one.

select
    count(*) as hallazgos,
    min('a version of ' || vigente_desde || ': fecha_baja ' || fecha_baja || ', fecha_alta ' || fecha_alta) as ejemplo
from dw.dim_cliente
where
    dw.vigente(vigente_desde, vigente_hasta, %(fecha)s::date)
    and fecha_baja < fecha_alta;
