-- Natural keys that several rows of an entity share, in the temporary table disputada; returns their number. Rows with
-- a defect of their own do not count.
-- Grain: one row per key, as its hash. Input: the typed rows of the entity.

drop table if exists pg_temp.disputada;

-- sorting millions of distinct hashes is faster than a hash table of them, and workers can share the sort
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
