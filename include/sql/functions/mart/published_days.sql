-- The business days that are published: those that passed all checks that stop a run.
-- Its body is text, so that a migration may replace the table.

create or replace function mart.dias_publicados() returns setof date
language sql
stable
as $$
select fecha_corte
from control.verificaciones
group by fecha_corte
having bool_and(correcta or not detiene)
$$;
