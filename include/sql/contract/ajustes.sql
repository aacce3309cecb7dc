-- Settings of the transaction in which a feed is judged.

set local datestyle = 'ISO, YMD';
set local work_mem = '128MB';

-- tables so new are taken for small
set local enable_nestloop = off;

-- to judge a row is dearer than to pass it on
set local parallel_tuple_cost = 0;

set local search_path = crudo, public;
