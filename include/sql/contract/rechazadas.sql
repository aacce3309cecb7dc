-- Adds the rejected rows of an entity to crudo._rechazada: all of them, or those of the lines that were judged.
-- Inputs: the typed rows of the entity, crudo._resumen, the temporary table linea_juzgada.

insert into crudo._rechazada (entidad, entrega, linea, estado)
select
    %(entidad)s::text as entidad,
    _entrega,
    _linea,
    _estado
from %(tipadas)s
where
    _estado > 0
    and (
        %(todas)s::boolean
        or (_entrega, _linea) in (
            select
                linea_juzgada.entrega,
                linea_juzgada.linea
            from linea_juzgada
            where linea_juzgada.entidad = %(entidad)s::text
        )
    )
    -- spares the scan where there are none
    and exists (
        select
        from crudo._resumen as resumen
        where resumen.entidad = %(entidad)s::text and resumen.estado > 0
    );
