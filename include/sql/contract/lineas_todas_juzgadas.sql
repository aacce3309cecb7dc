-- Notes that all lines of an entity were judged, in the temporary table linea_juzgada.

insert into linea_juzgada (entidad)
values (%(entidad)s::text);
