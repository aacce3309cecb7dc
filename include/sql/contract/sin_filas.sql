-- The mapping of an entity that the feed does not provide, or whose files have not arrived.

select
    null::text as _archivo,
    null::bigint as _linea
where false
