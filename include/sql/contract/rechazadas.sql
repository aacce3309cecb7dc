-- The rejected rows of an entity, added to crudo._rechazada where there is any.
-- Inputs: the typed rows of the entity, the temporary table resumen.

insert into crudo._rechazada (entidad, entrega, linea, estado)
select
    %(entidad)s::text as entidad,
    _entrega,
    _linea,
    _estado
from %(tipadas)s
where
    _estado > 0
    -- spares a look at all rows
    and exists (
        select
        from resumen
        where resumen.entidad = %(entidad)s::text and resumen.estado > 0
    );
