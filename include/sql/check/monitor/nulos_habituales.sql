-- No column lacks a value in many more rows than on the same day of the week before. Checks the last
-- seven days that the run touched.

select
    count(*) as hallazgos,
    min(
        columna || ' of ' || entidad || ' of ' || fecha || ': ' || round(100 * valor) || ' of 100 rows without a value'
        || ', usually ' || round(100 * mediana)
    ) as ejemplo
from control.unusual_measures('nulos', %(ultimos_dias)s::date[]);
