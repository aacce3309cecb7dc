-- Adds the units with a row whose parent has changed to the temporary table tocada.
-- Inputs: the typed rows of the entity, the keys of the changed parents.

insert into tocada (llave)
select distinct %(huella)s as llave
from %(tipadas)s
where %(columna)s in (select cambiado.llave from %(cambiados)s as cambiado);
