-- Where rows of the star came from: file and line of a feed or, of a simulated world, the landing file of the day.
-- Grain: one row per key, in their order. claves is an array of objects: columns of the entity and their values.
-- Inputs: control.lineas, control.cargas.
select
    dada.orden,
    coalesce(
        string_agg(linea.archivo || ':' || linea.linea, ', ' order by linea.archivo, linea.linea), min(carga.archivo)
    ) as origen
from jsonb_array_elements(%(claves)s::jsonb) with ordinality as dada (clave, orden)
left join control.lineas(%(entidad)s::text, %(claves)s::jsonb) as linea
    on dada.orden = linea.orden
left join control.cargas as carga
    on
        carga.entidad = %(entidad)s::text
        and (dada.clave ->> 'fecha')::date = carga.fecha
group by dada.orden
order by dada.orden
