-- Adds the text of the rejected lines of files with one header to the temporary table texto_crudo.
-- Grain: one row per line of a file. Inputs: the raw rows of the kind, crudo._rechazada.

-- a table of its own: parallel workers do not serve an insert into an existing one
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
