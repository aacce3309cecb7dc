-- Every province that rows name is known, however it is written, where any provinces are: those of the reference, or of
-- provincias.sql. Another name counts as a province without region and population.

select
    count(*) as hallazgos,
    'a name of ' || max(filas) || ' rows, of ' || sum(filas) || ' with such names: see dw.grafia_provincia' as ejemplo
from dw.grafia_provincia
where provincia is null;
