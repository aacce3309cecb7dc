-- No day repeats many more of its rows under other keys than the same day of the week before: a source may deliver rows
-- twice. Checks the last seven days that the run touched.

select
    count(*) as hallazgos,
    min(entidad || ' of ' || fecha || ': ' || round(valor * filas) || ' rows that are others once more') as ejemplo
from control.unusual_measures('iguales', %(ultimos_dias)s::date[]);
