-- The advisory locks that let runs overlap; each key is written here and nowhere else. All last until the transaction
-- ends. client360.warehouse.locks describes who takes which, and in which order.

create or replace function control.share_warehouse() returns void
language sql
return pg_advisory_xact_lock_shared(hashtext('client360 world'));

create or replace function control.lock_warehouse() returns void
language sql
return pg_advisory_xact_lock(hashtext('client360 world'));

create or replace function control.share_feed() returns void
language sql
return pg_advisory_xact_lock_shared(hashtext('client360 feed'));

create or replace function control.lock_feed() returns void
language sql
return pg_advisory_xact_lock(hashtext('client360 feed'));

create or replace function control.lock_schema() returns void
language sql
return pg_advisory_xact_lock(hashtext('client360 schema'));

create or replace function control.lock_raw_table(tabla text) returns void
language sql
return pg_advisory_xact_lock(hashtext('client360 crudo ' || tabla));

create or replace function control.lock_export() returns void
language sql
return pg_advisory_xact_lock(hashtext('client360 export'));

create or replace function control.lock_step(paso text) returns void
language sql
return pg_advisory_xact_lock(hashtext('client360 step ' || paso));

create or replace function control.lock_step_of_day(paso text, fecha date) returns void
language sql
return pg_advisory_xact_lock(hashtext('client360 step ' || paso), fecha - date '2000-01-01');

-- Of an entity, oldest month first, so that two that need several do not wait for each other. More than two years are
-- locked whole: the locks of a server are counted.
create or replace function control.lock_months(entidad text, desde date, hasta date) returns void
language plpgsql
as $$
declare
    llave constant integer := hashtext('client360 months ' || entidad);
    primero constant integer := extract(year from desde)::integer * 12 + extract(month from desde)::integer;
    ultimo constant integer := extract(year from hasta)::integer * 12 + extract(month from hasta)::integer;
begin
    if ultimo - primero >= 24 then
        perform pg_advisory_xact_lock(llave);
        return;
    end if;
    perform pg_advisory_xact_lock_shared(llave);
    for mes in primero..ultimo loop
        perform pg_advisory_xact_lock(llave, mes);
    end loop;
end
$$;
