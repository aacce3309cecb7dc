-- Settings of the transaction in which a feed is judged.

set local datestyle = 'ISO, YMD';
set local work_mem = '128MB';

-- without statistics the planner takes new tables for small ones
set local enable_nestloop = off;

-- judging a row costs more than passing it from a worker
set local parallel_tuple_cost = 0;

set local search_path = crudo, public;
