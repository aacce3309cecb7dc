-- Whether rows of an entity have a line number that their file does not have.
-- Inputs: the typed rows of the entity, the raw rows of the kind of file.

select exists(
    select
    from %(tipadas)s as dada
    where
        dada._entrega = any(%(entregas)s::integer[])
        and not exists (
            select
            from %(crudas)s as cruda
            where cruda._entrega = dada._entrega and cruda._linea = dada._linea
        )
) as hay;
