-- No value of a column of few values is written otherwise than before: but for capitals, accents, blanks and
-- punctuation it would be one that is known. Checks the values that are new on the last seven days that the run
-- touched.

select
    count(*) as hallazgos,
    min(columna || ' of ' || entidad || ' of ' || fecha || ': a value that was written otherwise before') as ejemplo
from control.new_spellings(%(ultimos_dias)s::date[]);
