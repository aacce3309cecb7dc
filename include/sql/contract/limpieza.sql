-- Drops the work tables that are not kept.

drop table crudo._calendario, crudo._rechazada;
