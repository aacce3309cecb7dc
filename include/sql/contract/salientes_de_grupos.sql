-- Takes the rows of the groups that are evaluated away from the typed rows of an entity.
-- Inputs: the typed rows of the entity, the temporary table linea_de_grupo.

with saliente as (
    delete from %(tipadas)s
    where
        (_entrega, _linea) in (
            select
                linea_de_grupo.entrega,
                linea_de_grupo.linea
            from linea_de_grupo
        )
    returning *
)

insert into %(antes)s
select *
from saliente;
