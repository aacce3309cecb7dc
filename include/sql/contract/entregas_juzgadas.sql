-- crudo._juzgadas: the deliveries as they were when the run began to judge their rows.
-- Grain: one row per delivery. Input: the temporary table entrega_actual, which has the same columns.

delete from crudo._juzgadas;

insert into crudo._juzgadas
select *  -- noqa: AM04
from entrega_actual;
