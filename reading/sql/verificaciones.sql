-- The checks of a day, those that found something first. Their examples name no customer.
-- Columns stand in the order in which people read them.
-- noqa: disable=ST06
select
    case when correcta then 'correcta' when detiene then 'fallida' else 'advertencia' end as resultado,
    verificacion,
    hallazgos,
    ejemplo,
    corrida
from control.verificaciones
where fecha_corte = %(fecha)s::date
order by correcta asc, detiene desc, verificacion asc
