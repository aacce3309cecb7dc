-- The entities whose rows are not as they were kept.
-- Grain: one row per entity. Inputs: crudo._resumen, the temporary table resumen_anterior.

select distinct entidad
from (
    (
        select * from crudo._resumen
        except
        select * from resumen_anterior
    )
    union all
    (
        select * from resumen_anterior
        except
        select * from crudo._resumen
    )
) as otra
order by entidad;
