-- The currency of the source that the warehouse holds. Grain: one row; null where no run has noted it.
select min(moneda) as moneda
from control.fuentes
