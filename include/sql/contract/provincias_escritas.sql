-- The provinces as accepted rows write them, with the number of these rows. Input: crudo._provincias_nombradas.

select
    provincia,
    sum(filas)::bigint as filas
from crudo._provincias_nombradas
group by provincia
having sum(filas) > 0
order by provincia;
