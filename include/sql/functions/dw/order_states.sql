-- The states of an order: the steps of its way, in which it counts, and cancelada and devuelta, which annul it.

-- What to sort the states of an order of one day by: its steps first, as they follow each other. The first state of an
-- order, in whatever sequence its states arrived, is the first by day and by this.
create or replace function dw.state_rank(estado text) returns text
language sql
immutable
return coalesce(
    array_position(
        array['completada', 'creada', 'aprobada', 'facturada', 'despachada', 'entregada'], estado
    )::text,
    estado
);

-- from the day on which this becomes known, the order counts nowhere
create or replace function dw.anula(estado text) returns boolean
language sql immutable parallel safe
return estado in ('cancelada', 'devuelta');
