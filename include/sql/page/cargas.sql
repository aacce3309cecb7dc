-- What was loaded of the day, by landing file, and how far it has got.
select
    entidad,
    filas,
    capa
from control.cargas
where fecha = %(fecha)s::date
order by entidad
