-- The rows of all files of a feed, as `make run` reports them.
-- Grain: an entity; the entity '' has the lines of which no row could be made.
-- Inputs: control.lecturas, control.rechazos, control.entregas.

select
    entidad,
    sum(aceptadas) as aceptadas,
    sum(repetidas + reemplazadas + sin_cambio) as repetidas,
    sum(rechazadas) as rechazadas
from control.lecturas
group by entidad
union all
select
    entidad,
    0 as aceptadas,
    0 as repetidas,
    count(*) as rechazadas
from control.rechazos
where
    entidad = ''
    and archivo not in (
        select entregas.archivo
        from control.entregas as entregas
        where entregas.copia_de is not null
    )
group by entidad
