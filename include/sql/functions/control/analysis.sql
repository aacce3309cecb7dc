-- Statistics of the planner are made where rows were made, not when autovacuum comes by.

-- Tables and partitions of the warehouse that hold other rows than those that they were last analysed with: never
-- analysed, grown by a fifth, or with a fifth of their rows changed. The size and the counts show also what the
-- transaction itself wrote. A table that was analysed while a transaction filled it, whose rows nobody else sees yet,
-- is taken for empty pages.
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
        or pg_stat_get_mod_since_analyze(pg_class.oid)
        + pg_stat_get_xact_tuples_inserted(pg_class.oid)
        + pg_stat_get_xact_tuples_updated(pg_class.oid)
        + pg_stat_get_xact_tuples_deleted(pg_class.oid)
        > greatest(pg_class.reltuples, 0) * 0.2 + 50
        or (pg_class.reltuples < 0 and pg_relation_size(pg_class.oid) > 0)
    )
$$;

-- Analyses all of them, each in a transaction of its own. One that is locked is being analysed by another run. One that
-- another transaction writes is left to that one, which alone sees its rows.
-- Of staging, whose rows are read once and as a whole, a tenth of the sample is enough.
create or replace procedure control.analyze_stale()
language plpgsql
as $$
declare
    tabla regclass;
begin
    for tabla in select control.stale_statistics() loop
        if not exists (
            select 1
            from pg_catalog.pg_locks
            where
                pg_locks.relation = tabla
                and pg_locks.database = (select oid from pg_catalog.pg_database where datname = current_database())
                and pg_locks.mode = 'RowExclusiveLock'
                and pg_locks.pid <> pg_backend_pid()
        ) then
            if tabla::text like 'staging.%' then
                set local default_statistics_target = 10;
            end if;
            execute format('analyze (skip_locked) %s', tabla);
            commit;
        end if;
    end loop;
end
$$;

-- Analyses a table that the transaction has just filled, or its partitions, those of them that are stale. Their locks
-- last until the transaction ends, so that nobody analyses them without its rows: only for steps of which no two run at
-- once.
create or replace function control.analyze_grown(tabla regclass) returns void
language plpgsql
as $$
declare
    parte regclass;
begin
    for parte in
        select anticuada
        from control.stale_statistics() as anticuada
        where anticuada = tabla or anticuada in (select inhrelid from pg_catalog.pg_inherits where inhparent = tabla)
    loop
        execute format('analyze %s', parte);
    end loop;
end
$$;
