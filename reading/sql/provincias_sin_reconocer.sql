-- What rows of the feed's files give as a province and is none that is known. Grain: one row per name, most frequent
-- first.
select
    grafia,
    filas
from dw.grafia_provincia
where provincia is null
order by filas desc, grafia asc
limit 100
