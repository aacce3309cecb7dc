-- Corrects what is known of the keys that were judged, and notes those of which something else is known now.
-- Grain: one row per key. Inputs: what was known, what is known now, the rows that went, the rows that came.

create temporary table juzgada on commit drop as
select %(clave)s as llave
from %(antes)s
where %(clave)s is not null
union
select %(clave)s as llave
from %(ahora)s
where %(clave)s is not null;

analyze juzgada;

create temporary table %(cambiados)s on commit drop as
select juzgada.llave
from juzgada
left join %(conocidos)s as antes
    on juzgada.llave = antes.%(llave)s
left join %(nuevos)s as ahora
    on juzgada.llave = ahora.%(llave)s
where ahora.* is distinct from antes.*;

analyze %(cambiados)s;

delete from %(conocidos)s
where %(llave)s in (select cambiado.llave from %(cambiados)s as cambiado);

insert into %(conocidos)s
select ahora.*  -- noqa: AM04
from %(nuevos)s as ahora
inner join %(cambiados)s as cambiado
    on ahora.%(llave)s = cambiado.llave;

drop table %(nuevos)s, juzgada;
