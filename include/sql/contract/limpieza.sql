-- The work tables are dropped.

drop table %(tablas)s;
