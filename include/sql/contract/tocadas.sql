-- The units of an entity, by their hash, in which a row came or went, in the temporary table tocada. A unit is what
-- rows are judged together with: those of one natural key, all versions of a key, all states of an order.
-- Grain: one row per unit. Inputs: the rows that went, the rows that came.

drop table if exists pg_temp.tocada;

create temporary table tocada on commit drop as
select %(huella)s as llave
from %(antes)s
union
select %(huella)s as llave
from %(ahora)s;
