-- The business days that are published: those that passed all checks that stop a run.
-- Its body is text, so that a migration may replace the table, and no query that the planner could put in its place:
-- on a cluster the coordinator has to run it.

create or replace function mart.dias_publicados() returns setof date
language plpgsql
stable
as $$
begin
    return query
    select verificaciones.fecha_corte
    from control.verificaciones as verificaciones
    group by verificaciones.fecha_corte
    having bool_and(verificaciones.correcta or not verificaciones.detiene);
end
$$;
