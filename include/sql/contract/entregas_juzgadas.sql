-- crudo._juzgadas: the deliveries as they are, now that their rows are judged.
-- Grain: one row per delivery. Input: control.entregas.

delete from crudo._juzgadas;

insert into crudo._juzgadas (entrega, archivo, tabla, fecha_archivo, sha256, lectura, copia_de)
select
    entrega,
    archivo,
    tabla,
    fecha_archivo,
    sha256,
    lectura,
    copia_de
from control.entregas;
