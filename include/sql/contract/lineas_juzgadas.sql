-- Adds the lines of rows that went or came to the temporary table linea_juzgada.
-- Inputs: the rows that went, the rows that came.

insert into linea_juzgada (entidad, entrega, linea)
select
    %(entidad)s::text as entidad,
    _entrega,
    _linea
from %(antes)s
union
select
    %(entidad)s::text as entidad,
    _entrega,
    _linea
from %(ahora)s;

analyze linea_juzgada;
