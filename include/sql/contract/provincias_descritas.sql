-- The provinces that the feed provides. Input: crudo._provincias.

select provincia
from crudo._provincias
where _estado is null;
