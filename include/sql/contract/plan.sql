-- The plan of a SELECT of the feed, as JSON.

explain (format json, verbose)
%(mapeo)s
