-- The keys of an entity of which something else is known now than before.
-- Grain: one row per key. Inputs: what was known, what is known now.

create temporary table %(cambiados)s on commit drop as
select coalesce(ahora.%(llave)s, antes.%(llave)s) as llave
from %(nuevos)s as ahora
full outer join %(conocidos)s as antes
    on ahora.%(llave)s = antes.%(llave)s
where ahora.* is distinct from antes.*;

analyze %(cambiados)s;
