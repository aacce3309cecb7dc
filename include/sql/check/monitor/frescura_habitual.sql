-- Nothing has been without rows for more than twice as long as it ever was in the year before the business day. Checks
-- the entities that came on at least ten days.

with dia as (
    select
        entidad,
        fecha,
        fecha - lag(fecha) over (partition by entidad order by fecha) as espera
    from control.medidas
    where
        medida = 'filas'
        and valor > 0
        and fecha between %(fecha)s::date - 365 and %(fecha)s::date
),

entidad_conocida as (
    select
        entidad,
        max(fecha) as ultimo,
        max(espera) as espera
    from dia
    group by entidad
    having count(*) >= 10
)

select
    count(*) as hallazgos,
    min(entidad || ': no rows since ' || ultimo || ', usually after ' || espera || ' days at most') as ejemplo
from entidad_conocida
where %(fecha)s::date - ultimo > 2 * espera;
