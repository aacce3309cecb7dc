-- The columns that a SELECT of the feed gives, and their types; no rows.
-- Input: the SELECT, whose last line may be a comment.

select fila.*  -- noqa: AM04
from (
    %(mapeo)s
) as fila
where false;
