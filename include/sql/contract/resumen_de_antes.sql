-- The counts of the rows as they were kept, in the temporary table resumen_anterior.

create temporary table resumen_anterior on commit drop as
select *  -- noqa: AM04
from crudo._resumen;
