-- The rejected rows of files with one header as they stand in them, added to the temporary table texto_crudo.
-- Grain: one row per line of a file. Inputs: the raw rows of the kind, crudo._rechazada.

-- a table of its own: workers do not help to insert into one that is there
create temporary table texto_de_los_archivos on commit drop as
select
    cruda._entrega,
    cruda._linea,
    crudo.linea(array[%(columnas)s], %(delimitador)s::text, %(comilla)s::text) as texto
from %(crudas)s as cruda
where
    cruda._entrega = any(%(entregas)s::integer[])
    and exists (
        select
        from crudo._rechazada as rechazada
        where rechazada.entrega = cruda._entrega and rechazada.linea = cruda._linea
    );

insert into texto_crudo (entrega, linea, texto)
select
    _entrega,
    _linea,
    texto
from texto_de_los_archivos;

drop table texto_de_los_archivos;
