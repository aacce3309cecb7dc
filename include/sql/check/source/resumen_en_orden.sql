-- A card's statement is due no earlier than it closes, and its minimum is no more than its total. Checks the statements
-- of which something became known on the days that the run touched.

select
    count(*) as hallazgos,
    min(
        'statement ' || resumen_id
        || case when fecha_vencimiento < fecha_cierre then ', due before it closes' else ', minimum above total' end
    ) as ejemplo
from dw.historia_resumenes
where
    fecha = any(%(dias)s::date[])
    and (fecha_vencimiento < fecha_cierre or minimo > greatest(total, 0));
