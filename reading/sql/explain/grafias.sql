-- What is meant by a name of a province that a feed writes. Grain: one row, none of names that are as they should be.
select
    grafia,
    provincia
from dw.grafia_provincia
where grafia = %(provincia)s
