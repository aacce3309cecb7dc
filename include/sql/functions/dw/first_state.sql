-- The first state of an order, in whatever sequence its states arrived: that of the first day; of several of one day,
-- completada, then by name. For a lateral join: the planner puts the query in the place of the call.

create or replace function dw.state_rank(estado text) returns text
language sql
immutable
return case when estado = 'completada' then '' else estado end;

create or replace function dw.first_state(cliente text, venta text)
returns table (metodo_pago text, provincia_envio text, campania_id text)
language sql
stable
as $$
select
    historia_ventas.metodo_pago,
    historia_ventas.provincia_envio,
    historia_ventas.campania_id
from dw.historia_ventas as historia_ventas
where historia_ventas.cliente_id = cliente and historia_ventas.venta_id = venta
order by historia_ventas.fecha, dw.state_rank(historia_ventas.estado)
limit 1
$$;
