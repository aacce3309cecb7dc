-- Adds all rejected rows of an entity to crudo._rechazada.
-- Inputs: the typed rows of the entity, crudo._resumen.

insert into crudo._rechazada (entidad, entrega, linea, estado)
select
    %(entidad)s::text as entidad,
    _entrega,
    _linea,
    _estado
from %(tipadas)s
where
    _estado > 0
    -- spares the scan where there are none
    and exists (
        select
        from crudo._resumen as resumen
        where resumen.entidad = %(entidad)s::text and resumen.estado > 0
    );
