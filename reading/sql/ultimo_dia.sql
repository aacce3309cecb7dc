-- The last day that is over in the time zone of the source; in Argentina where no run has noted one.
-- Grain: one row.
select (now() at time zone coalesce(max(zona), 'America/Argentina/Buenos_Aires'))::date - 1 as fecha
from control.fuentes
