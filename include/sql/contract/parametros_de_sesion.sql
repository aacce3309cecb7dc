-- Settings of the transaction in which a feed is judged.

set local datestyle = 'ISO, YMD';
set local work_mem = '128MB';

-- where all rows are judged, the planner, without statistics, takes new tables for small ones
select set_config('enable_nestloop', %(bucles)s::text, true);

-- judging a row costs more than passing it from a worker
set local parallel_tuple_cost = 0;

set local search_path = crudo, public;

-- the plan of a SELECT is to show each view that it reads; not all versions of PostgreSQL remove a join that needs none
select set_config(name, 'off', true)
from pg_settings
where name = 'enable_self_join_elimination';
