-- A defect that rows of an entity can have, by the state that marks it.

insert into defecto (entidad, estado, motivo, columna, detalle)
values (
    %(entidad)s::text, %(estado)s::smallint, %(motivo)s::text, %(columna)s::text, %(detalle)s::text
);
