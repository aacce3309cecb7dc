-- Takes the other rows of the touched units from the typed rows of an entity, to judge them again; versions that were
-- derived from lists are derived again.
-- Inputs: the typed rows of the entity, the temporary table tocada, crudo._conocidos_*.

analyze tocada;

with movida as (
    delete from %(tipadas)s
    where (%(huella)s) in (select tocada.llave from tocada)
    returning *
),

recordada as (
    insert into %(antes)s
    select *
    from movida
)

insert into %(ahora)s (_entrega, _linea, %(columnas)s, _estado, _valor, _incompleta)
select
    juzgada._entrega,
    juzgada._linea,
    %(valores)s,
    %(estado)s as _estado,
    juzgada._valor,
    juzgada._incompleta
from movida as juzgada
%(padres)s
where (juzgada._valor < 1) is not true;

analyze %(ahora)s;
