-- Removes days of one month from a relation with rows of each business day; returns the rows, and by how many bytes it
-- is smaller. A partition is emptied, and what stays is written again: deleted rows would keep their place on the disk,
-- in a month to which few are added. Who reads or writes the month is waited for. On a cluster rows are deleted.

create or replace function control.remove_days(tabla regclass, dias date[], out filas bigint, out bytes bigint)
language plpgsql
as $$
declare
    parte regclass := to_regclass(control.month_table(tabla, dias[1]));
begin
    if parte is null or to_regclass('pg_catalog.pg_dist_partition') is not null then
        execute format('delete from %s where fecha_corte = any($1)', tabla) using dias;
        get diagnostics filas = row_count;
        bytes := 0;
        return;
    end if;
    execute format('lock table %s in access exclusive mode', parte);
    bytes := pg_total_relation_size(parte);
    execute format(
        'create temporary table quedan on commit drop as select * from %s where fecha_corte <> all($1)', parte
    )
    using dias;
    execute format('select count(*) from %s where fecha_corte = any($1)', parte) into filas using dias;
    execute format('truncate %s', parte);
    execute format('insert into %s select * from quedan', parte);
    drop table quedan;
    bytes := bytes - pg_total_relation_size(parte);
end
$$;
