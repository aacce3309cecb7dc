-- The indexes of raw tables by the columns by which rows belong together.
-- Grain: one row per index. Inputs: the system catalogs.

select indexname
from pg_indexes
where schemaname = 'crudo' and tablename ~ '_filas$' and indexname ~ '^_.*_[0-9a-f]{8}$';
