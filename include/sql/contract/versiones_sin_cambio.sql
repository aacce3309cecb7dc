-- Marks versions whose content equals that of the version before them (-3).
-- Input: the typed rows of the entity.

with version as (
    select
        ctid as fila,
        row(%(contenido)s)::text = lag(row(%(contenido)s)::text) over (partition by %(clave)s order by fecha) as igual
    from %(tipadas)s
    where _estado is null
)

update %(tipadas)s as tipada
set _estado = -3
from version
where tipada.ctid = version.fila and version.igual;
