-- An index on a table that is kept from run to run; made when a run first looks rows up by it, so that a first load
-- does without.

create index if not exists %(indice)s on %(filas)s (%(expresion)s);

analyze %(filas)s;
