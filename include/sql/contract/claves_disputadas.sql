-- The natural keys that several rows of an entity share, in the temporary table disputada; returns how many. Rows that
-- are wrong by themselves claim no key.
-- Grain: one row per key, as its hash. Input: the typed rows of the entity.

drop table if exists disputada;

-- millions of hashes, each there once, are sorted sooner than kept in a hash table, and workers can share that
set local enable_hashagg = off;

create temporary table disputada on commit drop as
select %(huella)s as llave
from %(tipadas)s
where (_estado > %(clave_repetida)s::smallint) is not false
group by llave
having count(*) > 1;

set local enable_hashagg = on;

select count(*) as claves
from disputada;
