-- Adds a few other groups to crudo_en_parte._grupos: those next to an arbitrary hash.
-- Input: the raw rows of a kind of file.

insert into crudo_en_parte._grupos (grupo, muestra)
select distinct
    cercana.grupo,
    true as muestra
from (
    (
        select %(huella)s as grupo
        from %(crudas)s
        where %(huella)s >= %(desde)s::bigint
        order by grupo
        limit 25
    )
    union all
    (
        select %(huella)s as grupo
        from %(crudas)s
        where %(huella)s < %(desde)s::bigint
        order by grupo desc
        limit 25
    )
) as cercana
on conflict (grupo) do nothing;
