-- Whether one of these functions may give something else another time, or look into other tables: one that is volatile,
-- or stable and neither PostgreSQL's nor made for feeds.

select exists(
    select
    from pg_proc
    where
        proname = any(%(llamadas)s::text[])
        and provolatile <> 'i'
        and (provolatile = 'v' or pronamespace::regnamespace::text not in ('pg_catalog', 'crudo'))
) as hay;
