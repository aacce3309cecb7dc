-- Columns of few values have about as many different ones as on the same day of the week before. Checks the days that
-- the run touched.

select
    count(*) as hallazgos,
    min(
        columna || ' of ' || entidad || ' of ' || fecha || ': ' || valor || ' values, usually ' || round(mediana)
    ) as ejemplo
from control.unusual_measures('categoria', %(dias)s::date[]);
