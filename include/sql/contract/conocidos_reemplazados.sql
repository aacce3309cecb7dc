-- What is known now in the place of what was known before.

drop table if exists %(conocidos)s;

alter table %(nuevos)s rename to %(nombre)s;
