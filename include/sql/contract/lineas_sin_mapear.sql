-- Adds the lines that no SELECT returned to crudo._rechazada.
-- Inputs: the raw rows of a kind of file, the lines that were returned.

insert into crudo._rechazada (entidad, entrega, linea, estado)
select
    '' as entidad,
    cruda._entrega,
    cruda._linea,
    %(sin_mapear)s::smallint as estado
from %(crudas)s as cruda
where
    cruda._entrega = any(%(entregas)s::integer[])
    and not exists (
        select
        from (
            %(dadas)s
        ) as dada
        where dada._entrega = cruda._entrega and dada._linea = cruda._linea
    );
