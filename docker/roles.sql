-- Runs whenever the stack in Docker starts; elsewhere once, after databases.sql, as a superuser or, without what only a superuser may,
-- as the administrator who ran that. Roles get the passwords of the environment, and the reader its limits.
\getenv airflow_password AIRFLOW_DB_PASSWORD
\getenv warehouse_password WAREHOUSE_PASSWORD
\getenv reader_password WAREHOUSE_READER_PASSWORD

alter role airflow password :'airflow_password';
alter role client360 password :'warehouse_password';
alter role client360_reader password :'reader_password';
-- a run with reemplazar builds in a database of its own, ends the sessions of readers, and renames it
alter role client360 createdb;
grant client360_reader to client360;
grant connect on database postgres to client360;
\ir ../plugins/client360/warehouse/migrations/reader_limits.sql

select rolsuper as superuser from pg_roles where rolname = current_user \gset
\if :superuser
-- which an early version granted
select 'revoke pg_read_all_data from client360_reader' where pg_has_role('client360_reader', 'pg_read_all_data', 'member') \gexec
\connect client360
\ir ../plugins/client360/warehouse/migrations/reader_functions.sql
-- of which those databases are copies
select
    $$create database client360_template template template0 locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'
    is_template true$$
where not exists (select 1 from pg_database where datname = 'client360_template') \gexec
revoke all on database client360_template from public;
\connect client360_template
\ir ../plugins/client360/warehouse/migrations/reader_functions.sql
\endif
