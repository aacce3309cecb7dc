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

-- Gives the table of a month the key and makes it a partition, with the other indexes: until the transaction ends, no
-- other month of the same table can be attached, and nobody else waits. The key is made before that.
create or replace function control.attach_month(tabla regclass, mes date) returns void
language plpgsql
as $$
declare
    parte text := control.month_table(tabla, mes);
    clave text;
begin
    select pg_get_constraintdef(pg_constraint.oid)
    into clave
    from pg_catalog.pg_constraint
    where pg_constraint.conrelid = tabla and pg_constraint.contype = 'p';
    if clave is not null then
        execute format('alter table %s add %s', parte, clave);
    end if;
    execute format(
        'alter table %s attach partition %s for values from (%L) to (%L)',
        tabla, parte, mes, (mes + interval '1 month')::date
    );
end
$$;
