-- Columns of few values have about as many different ones as on the same day of the week before. Checks the
-- last seven days that the run touched.

select
    count(*) as hallazgos,
    min(
        columna || ' of ' || entidad || ' of ' || fecha || ': ' || valor || ' values, usually ' || round(mediana)
    ) as ejemplo
from control.unusual_measures('categoria', %(ultimos_dias)s::date[]);
