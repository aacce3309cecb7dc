-- Names and types of the columns that a SELECT of the feed returns; no rows.
-- Input: the SELECT, whose last line may be a comment.

select fila.*  -- noqa: AM04
from (
    %(mapeo)s
) as fila
where false;
