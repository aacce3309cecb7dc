-- The judged rows of an entity join those that were not judged.

insert into %(tipadas)s
select *  -- noqa: AM04
from %(ahora)s;

drop table %(antes)s, %(ahora)s;
