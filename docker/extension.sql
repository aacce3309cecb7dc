-- Runs once on each machine of a cluster, after databases.sql: the extension, and how the machines log in to each other.
\getenv postgres_password POSTGRES_PASSWORD
\getenv warehouse_password WAREHOUSE_PASSWORD
\getenv reader_password WAREHOUSE_READER_PASSWORD

\connect client360
create extension citus;

insert into pg_dist_authinfo (nodeid, rolename, authinfo)
values
(0, 'postgres', 'password=' || :'postgres_password'),
(0, 'client360', 'password=' || :'warehouse_password'),
(0, 'client360_reader', 'password=' || :'reader_password');
