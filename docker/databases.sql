-- Runs once, in Docker on an empty volume: a database and a role for Airflow's own tables, another of each for the warehouse, and a
-- role that only reads the warehouse, for people. What it reads is granted by the warehouse's owner: plugins/client360/warehouse/migrations/grants.sql.
-- roles.sql, which follows, limits it.
\getenv airflow_password AIRFLOW_DB_PASSWORD
\getenv warehouse_password WAREHOUSE_PASSWORD
\getenv reader_password WAREHOUSE_READER_PASSWORD

-- elsewhere, whoever runs this need not be a superuser, but has to be able to become the owners of the databases
set createrole_self_grant = 'set, inherit';
create role airflow login password :'airflow_password';
create role client360 login password :'warehouse_password';
create role client360_reader login password :'reader_password';

create database airflow owner airflow;
-- the builtin locale sorts the same everywhere
create database client360 owner client360 template template0 locale_provider builtin builtin_locale 'C.UTF-8' locale 'C';

revoke all on database postgres, airflow, client360 from public;
grant connect on database client360 to client360_reader;
