-- Adds the groups of the rows of changed files to the temporary table grupo_tocado. Rows of before wait under the
-- negative of the number of their delivery.
-- Input: the raw rows of a kind of file.

insert into grupo_tocado (grupo, muestra)
select distinct
    %(huella)s as grupo,
    false as muestra
from %(crudas)s
where _entrega = any(%(entregas)s::integer[])
on conflict (grupo) do nothing;
