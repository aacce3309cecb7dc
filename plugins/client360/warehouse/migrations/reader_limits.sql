-- What the role for people, client360_reader, may take of the server. Run by a superuser, or by the role's administrator, whenever the
-- server starts: a role may change its own settings and its own password, and with this the change is over.

alter role client360_reader connection limit 30;
alter role client360_reader reset all;
alter role client360_reader set default_transaction_read_only = on;
alter role client360_reader set statement_timeout = '10min';
alter role client360_reader set lock_timeout = '10s';
-- a transaction that somebody forgot ends, and with it its locks
alter role client360_reader set idle_in_transaction_session_timeout = '10min';

do $$
begin
    alter role client360_reader set temp_file_limit = '2GB';
exception
    when insufficient_privilege then raise notice 'temp_file_limit of client360_reader is for a superuser to set';
end
$$;
