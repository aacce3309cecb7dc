-- The source provides the entities that every answer is computed from. An answer that lacks one is empty.

with faltante as (
    select
        relacion,
        string_agg(entidad, ', ' order by entidad) as entidades
    from unnest(%(relaciones_sin_datos)s::text[], %(entidades_sin_datos)s::text[]) as falta (relacion, entidad)
    group by relacion
)

select
    count(*) as hallazgos,
    string_agg(relacion || ' (no ' || entidades || ')', '; ' order by relacion) as ejemplo
from faltante;
