-- Drops the work table that is not kept.

drop table crudo._rechazada;
