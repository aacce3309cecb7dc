-- Adds the groups of the rows of changed files to crudo_en_parte._grupos. Rows of before wait under the
-- negative of the number of their delivery.
-- Input: the raw rows of a kind of file.

insert into crudo_en_parte._grupos (grupo, muestra)
select distinct
    %(huella)s as grupo,
    false as muestra
from %(crudas)s
where _entrega = any(%(entregas)s::integer[])
on conflict (grupo) do nothing;
