-- The size of the warehouse's database.
-- Grain: one row.
select pg_database_size(current_database()) as bytes
