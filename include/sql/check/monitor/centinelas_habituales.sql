-- No column has more placeholders, such as 999999, 1900-01-01 or TEST, than on the same day of the week before. Checks
-- the last seven days that the run touched.

select
    count(*) as hallazgos,
    min(columna || ' of ' || entidad || ' of ' || fecha || ': ' || round(valor * filas) || ' placeholders') as ejemplo
from control.unusual_measures('centinelas', %(ultimos_dias)s::date[]);
