-- Which movements are money that comes in or leaves.

-- Not what is put aside or changed into another currency: it is still the customer's. Nor what is charged to a credit
-- card, or given back on it: no account moves until its statement is paid.
create or replace function dw.es_flujo(tipo_transaccion text, tarjeta_id text) returns boolean
language sql immutable parallel safe
return (tipo_transaccion is null or tipo_transaccion not in ('ahorro', 'moneda_extranjera'))
and (tarjeta_id is null or coalesce(tipo_transaccion, '') = 'pago_tarjeta');

-- what an account gets by a movement, negative where it loses: nothing by what is charged to a credit card, or given
-- back on it, and what is not known by one without a direction
create or replace function dw.en_cuenta(
    monto numeric, sentido text, tipo_transaccion text, tarjeta_id text
) returns numeric
language sql immutable parallel safe
return case
    when tarjeta_id is not null and coalesce(tipo_transaccion, '') <> 'pago_tarjeta' then 0
    when sentido = 'credito' then monto
    when sentido = 'debito' then -monto
end;
