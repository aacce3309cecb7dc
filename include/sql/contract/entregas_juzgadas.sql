-- crudo._juzgadas: the deliveries as they were when the run began to judge their rows.
-- Grain: one row per delivery. Input: the temporary table entrega_actual.

delete from crudo._juzgadas;

insert into crudo._juzgadas (entrega, archivo, tabla, fecha_archivo, sha256, lectura, copia_de, corrida)
select
    entrega,
    archivo,
    tabla,
    fecha_archivo,
    sha256,
    lectura,
    copia_de,
    corrida
from entrega_actual;
