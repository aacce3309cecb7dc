-- The world or feed that the warehouse holds, which names the seed of a simulated world. Grain: one row.
select min(mundo) as mundo
from control.cargas
