-- Adds a few other groups to the temporary table grupo_tocado, from an arbitrary hash on.
-- Input: the raw rows of a kind of file.

insert into grupo_tocado (grupo, muestra)
select distinct
    cercana.grupo,
    true as muestra
from (
    select %(grupo)s as grupo
    from %(crudas)s
    where %(grupo)s >= %(desde)s::bigint
    order by %(grupo)s
    limit 50
) as cercana
on conflict (grupo) do nothing;
