-- What the role that only reads may see: what is published and what the pipeline knows of its work. Not the rejected rows,
-- which stand as they came. Views that runs make later are covered too.
select pg_advisory_xact_lock(hashtext('client360 schema'));

grant usage on schema dw, mart, control to client360_reader;

grant select on all tables in schema dw, mart, control to client360_reader;

revoke select on control.rechazos from client360_reader;

alter default privileges in schema dw, mart grant select on tables to client360_reader;
