-- What the role for people, client360_reader, reads: dw, mart and control, with the partitions, views and tables to come,
-- but for the rejected lines of files, control.rechazos. Nothing in staging or crudo but, through control.lineas, of which
-- line of which file a row was made. Run after the revisions, where there is that role. It grants what whoever runs it may
-- grant; running it again changes nothing.

do $$
declare
    abierto record;
    relacion regclass;
begin
    for abierto in
        select
            nspname as esquema,
            nspowner::regrole as propietario
        from pg_namespace
        where nspname in ('dw', 'mart', 'control') and pg_has_role(nspowner, 'usage')
    loop
        execute format('grant usage on schema %I to client360_reader', abierto.esquema);
        execute format(
            'alter default privileges for role %s in schema %I grant select on tables to client360_reader',
            abierto.propietario,
            abierto.esquema
        );
    end loop;

    for relacion in
        select pg_class.oid::regclass
        from pg_class
        where
            pg_class.relnamespace in ('dw'::regnamespace, 'mart'::regnamespace, 'control'::regnamespace)
            and pg_class.relkind in ('r', 'p', 'v', 'm')
            and pg_class.oid <> 'control.rechazos'::regclass
            and pg_has_role(pg_class.relowner, 'usage')
            and not exists (
                select 1
                from aclexplode(pg_class.relacl) as acl
                where acl.grantee = 'client360_reader'::regrole and acl.privilege_type = 'SELECT'
            )
    loop
        execute format('grant select on %s to client360_reader', relacion);
    end loop;

    -- as a table in control it may have been granted when it was made
    revoke all on control.rechazos from client360_reader;

    if pg_has_role((select proowner from pg_proc where oid = 'control.lineas(text, jsonb)'::regprocedure), 'usage') then
        grant execute on function control.lineas(text, jsonb) to client360_reader;
    end if;
end
$$
