-- What to sort the states of an order of one day by: completada comes first, then by name. The first state of an order,
-- in whatever sequence its states arrived, is the first by day and by this.

create or replace function dw.state_rank(estado text) returns text
language sql
immutable
return case when estado = 'completada' then '' else estado end;
