-- Every day from inicio to fecha has been loaded from this world, for every landing file, and has reached its last
-- layer.

with esperada as (
    select
        entidades.entidad,
        entidades.ultima_capa,
        dias.dia::date as fecha
    from unnest(%(entidades)s::text[], %(ultimas_capas)s::text[]) as entidades (entidad, ultima_capa)
    cross join generate_series(%(inicio)s::timestamp, %(fecha)s::timestamp, interval '1 day') as dias (dia)
),

faltante as (
    select
        esperada.entidad,
        esperada.fecha
    from esperada
    left join control.cargas as cargas
        on
            esperada.entidad = cargas.entidad
            and esperada.fecha = cargas.fecha
            and esperada.ultima_capa = cargas.capa_alcanzada
            and cargas.mundo = %(mundo)s
    where cargas.fecha is null
)

select
    count(*) as hallazgos,
    min(entidad || ' of ' || fecha || ', which is not complete') as ejemplo
from faltante;
