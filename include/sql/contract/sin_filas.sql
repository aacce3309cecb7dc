-- The mapping of an entity that the feed does not provide, or none of whose files has come yet.

select
    null::text as _archivo,
    null::bigint as _linea
where false
