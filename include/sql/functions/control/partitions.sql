-- Monthly partitions. A new one is a table of its own first, since "partition of" would wait for all who read the whole
-- table; one that is filled before it gets its key costs less than one that has it while it is filled.

create or replace function control.month_table(tabla regclass, mes date) returns text
language sql stable
as $$
select format('%I.%I', pg_namespace.nspname, pg_class.relname || to_char(mes, '_YYYYMM'))
from pg_catalog.pg_class
inner join pg_catalog.pg_namespace
    on pg_class.relnamespace = pg_namespace.oid
where pg_class.oid = tabla
$$;

-- Makes the table of a month, without key and indexes, unless it is there; returns whether it is new.
create or replace function control.make_month(tabla regclass, mes date) returns boolean
language plpgsql
as $$
declare
    parte text := control.month_table(tabla, mes);
begin
    if to_regclass(parte) is not null then
        return false;
    end if;
    execute format('create table %s (like %s including all excluding indexes excluding comments)', parte, tabla);
    return true;
end
$$;

-- Gives the table of a month its key and indexes and makes it a partition: until the transaction ends, no other month
-- of the same table can be attached, and nobody else waits. The indexes are made before that, and taken over.
create or replace function control.attach_month(tabla regclass, mes date) returns void
language plpgsql
as $$
declare
    parte text := control.month_table(tabla, mes);
    orden text;
begin
    for orden in
        select
            case pg_constraint.contype
                when 'p' then format('alter table %s add %s', parte, pg_get_constraintdef(pg_constraint.oid))
                else regexp_replace(
                    pg_get_indexdef(pg_index.indexrelid),
                    '^CREATE INDEX .* ON ONLY .* USING ',
                    format('create index on %s using ', parte)
                )
            end
        from pg_catalog.pg_index
        left join pg_catalog.pg_constraint
            on pg_index.indexrelid = pg_constraint.conindid and pg_constraint.contype = 'p'
        where pg_index.indrelid = tabla
    loop
        execute orden;
    end loop;
    execute format(
        'alter table %s attach partition %s for values from (%L) to (%L)',
        tabla, parte, mes, (mes + interval '1 month')::date
    );
end
$$;
