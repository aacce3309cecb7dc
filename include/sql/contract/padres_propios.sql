-- Rejects rows that refer to a row of their own entity that does not exist or was rejected.
-- Inputs: the typed rows of the entity, what is known of it.

update %(tipadas)s
set _estado = case %(defectos)s end
from %(conocidos)s
where %(columna)s = %(padre)s and _estado is null and (%(condicion)s) is not true;
