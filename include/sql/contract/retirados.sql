-- Completes the run's row of control.entradas: whether rows were loaded, and how many files were withdrawn since rows
-- were loaded last. Those of a run that loaded none wait for the next one.
-- Inputs: control.entradas, control.retiros.

update control.entradas
set
    cargada = %(cargada)s::boolean,
    retirados = (
        select count(*)
        from control.retiros as retiros
        where retiros.mundo = %(mundo)s::text and coalesce(retiros.corrida, %(corrida)s::text) = %(corrida)s::text
    )
where corrida = %(corrida)s::text;

update control.retiros
set corrida = %(corrida)s::text
where mundo = %(mundo)s::text and corrida is null and %(cargada)s::boolean;
