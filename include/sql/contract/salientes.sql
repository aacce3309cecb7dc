-- Takes the rows of changed deliveries away from the typed rows of an entity.
-- Inputs: the typed rows of the entity, the temporary table entrega_cambiada.

with saliente as (
    delete from %(tipadas)s
    where _entrega in (select entrega_cambiada.entrega from entrega_cambiada)
    returning *
)

insert into %(antes)s
select *
from saliente;
