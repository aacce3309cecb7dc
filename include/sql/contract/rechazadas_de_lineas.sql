-- Adds the rejected rows of the lines that were judged to crudo._rechazada.
-- Inputs: the typed rows of the entity, the temporary table linea_juzgada.

insert into crudo._rechazada (entidad, entrega, linea, estado)
select
    %(entidad)s::text as entidad,
    _entrega,
    _linea,
    _estado
from %(tipadas)s
where
    _estado > 0
    and (_entrega, _linea) in (
        select
            linea_juzgada.entrega,
            linea_juzgada.linea
        from linea_juzgada
        where linea_juzgada.entidad = %(entidad)s::text
    );
