-- Every day from inicio to fecha has been loaded from this world, for every landing file, and has reached its last
-- layer.

with entidad as (
    select
        nombre,
        ultima_capa
    from unnest(%(entidades)s::text[], %(ultimas_capas)s::text[]) as entidades (nombre, ultima_capa)
),

faltante as (
    select
        entidad.nombre,
        dia::date as fecha
    from entidad
    cross join generate_series(%(inicio)s::timestamp, %(fecha)s::timestamp, interval '1 day') as dia
    left join control.cargas as cargas
        on
            entidad.nombre = cargas.entidad
            and dia::date = cargas.fecha
            and entidad.ultima_capa = cargas.capa
            and cargas.mundo = %(mundo)s
    where cargas.fecha is null
)

select
    count(*) as hallazgos,
    min(nombre || ' ' || fecha) as ejemplo
from faltante;
