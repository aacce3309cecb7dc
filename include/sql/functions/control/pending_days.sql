-- The days from desde to hasta of an entity that wait in staging. The planner puts the query in the place of the call.

create or replace function control.pending_days(entidad_pendiente text, desde date, hasta date)
returns table (fecha date)
language sql
stable
as $$
select cargas.fecha
from control.cargas as cargas
where
    cargas.entidad = entidad_pendiente
    and cargas.capa = 'staging'
    and cargas.fecha between desde and hasta
$$;
