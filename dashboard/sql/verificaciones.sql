-- The checks of a day, those that found something first.
-- Columns stand in the order in which people read them.
-- noqa: disable=ST06
select
    verificacion,
    case when correcta then 'correcta' when detiene then 'fallida' else 'advertencia' end as resultado,
    hallazgos,
    corrida
from control.verificaciones
where fecha_corte = %(fecha)s::date
order by correcta asc, detiene desc, verificacion asc
