-- Drops the work tables.

drop table %(tablas)s;
