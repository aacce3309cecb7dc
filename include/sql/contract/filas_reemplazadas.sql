-- The judged rows of an entity are all that it has.

drop table if exists %(tipadas)s;

alter table %(ahora)s rename to %(nombre)s;
