-- For each of some files of one kind: whether the rows of some entity are exactly its lines, and the entities where
-- they are not. Lines are equal where their number and the sum of their hashes are.
-- Grain: one row per file. Inputs: the raw rows of the kind, crudo._resumen.

with leida as (
    select
        _entrega,
        count(*) as filas,
        sum(hashint8extended(_linea, 0)) as lineas
    from %(crudas)s
    where
        _entrega = any(%(entregas)s::integer[])
    group by _entrega
),

dada as (
    select
        entrega,
        entidad,
        sum(filas) as filas,
        sum(lineas) as lineas
    from crudo._resumen
    where
        entrega = any(%(entregas)s::integer[])
        and entidad <> all(%(derivadas)s::text[])
    group by entrega, entidad
),

comparada as (
    select
        leida._entrega,
        dada.entidad,
        coalesce(leida.filas = dada.filas and leida.lineas = dada.lineas, false) as igual
    from leida
    left join dada
        on leida._entrega = dada.entrega
)

select
    _entrega,
    bool_or(igual) as completa,
    coalesce(array_agg(entidad) filter (where not igual and entidad is not null), '{}') as otras
from comparada
group by _entrega;
