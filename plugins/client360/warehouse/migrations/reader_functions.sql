-- Advisory locks, by which runs wait for each other, and large objects are for the owner of the database. Everybody may use them
-- otherwise, and one lock of a reader would hold up every run. Run in each database, by whoever owns these functions: a superuser.

do $$
declare
    reservada regprocedure;
begin
    for reservada in
        select oid::regprocedure
        from pg_proc
        where
            pronamespace = 'pg_catalog'::regnamespace
            and (proname ~ '^(pg_(try_)?advisory_|lo_)' or proname in ('loread', 'lowrite'))
            and pg_has_role(proowner, 'usage')
            and (proacl is null or exists (select 1 from aclexplode(proacl) as acl where acl.grantee = 0))
    loop
        execute format('revoke execute on function %s from public', reservada);
        execute format('grant execute on function %s to pg_database_owner', reservada);
    end loop;
end
$$;
