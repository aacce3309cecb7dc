-- Statistics of the planner are made where rows were made, not when autovacuum comes by.

-- Tables and partitions of the warehouse that hold other rows than those that they were last analysed with: never
-- analysed, grown by a fifth, or with a fifth of their rows changed. The size shows also what the transaction itself
-- wrote.
create or replace function control.stale_statistics() returns setof regclass
language sql stable
as $$
select pg_class.oid::regclass
from pg_catalog.pg_class
inner join pg_catalog.pg_namespace
    on pg_class.relnamespace = pg_namespace.oid
where
    pg_namespace.nspname in ('control', 'staging', 'dw', 'mart', 'crudo')
    and pg_class.relkind = 'r'
    and (
        pg_relation_size(pg_class.oid) / current_setting('block_size')::integer
        > pg_class.relpages * 1.2 + 1
        or pg_stat_get_mod_since_analyze(pg_class.oid) > greatest(pg_class.reltuples, 0) * 0.2 + 50
        or (pg_class.reltuples < 0 and pg_relation_size(pg_class.oid) > 0)
    )
$$;

-- Analyses all of them, each in a transaction of its own. One that is locked is being analysed by another run.
create or replace procedure control.analyze_stale()
language plpgsql
as $$
declare
    tabla regclass;
begin
    for tabla in select control.stale_statistics() loop
        execute format('analyze (skip_locked) %s', tabla);
        commit;
    end loop;
end
$$;

-- Analyses a table that the transaction has just filled, if it is one of them. Its lock lasts until the transaction
-- ends: only for steps of which no two run at once.
create or replace function control.analyze_grown(tabla regclass) returns void
language plpgsql
as $$
begin
    if tabla in (select control.stale_statistics()) then
        execute format('analyze %s', tabla);
    end if;
end
$$;
