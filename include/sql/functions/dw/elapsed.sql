-- Days between two things that happened: to a tenth where both have a time of day, else whole days.

create or replace function dw.dias_entre(desde date, momento_desde timestamptz, hasta date, momento_hasta timestamptz)
returns numeric
language sql immutable parallel safe
return coalesce(
    round(extract(epoch from momento_hasta - momento_desde) / 86400, 1), (hasta - desde)::numeric
);
