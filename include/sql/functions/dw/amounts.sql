-- What units are worth at the price, or at the cost, of one: rounded to cents here, once for a line, and nowhere else.

create or replace function dw.valor(cantidad numeric, precio numeric) returns numeric
language sql immutable parallel safe
return round(cantidad * precio, 2);

-- An amount in the currency in which figures are reported: itself where moneda is null, which stands for that one. Not
-- known without a rate; nothing is nothing in any currency.
create or replace function dw.convertido(monto numeric, moneda text, cotizacion numeric) returns numeric
language sql immutable parallel safe
return case when moneda is null or monto = 0 then monto else dw.valor(monto, cotizacion) end;

-- What of an amount of an account is of one of those who hold it, in whole cents: otras are the parts of the others, of
-- the main holder, to whom goes what is left over, and null of any other: see dw.titularidad.
create or replace function dw.resto(monto numeric, de numeric, otras numeric[]) returns numeric
language sql immutable parallel safe
return monto - coalesce((select sum(trunc(monto * otra.parte / de, 2)) from unnest(otras) as otra (parte)), 0);

create or replace function dw.parte(
    monto numeric, participacion numeric, de numeric, otras numeric[]
) returns numeric
language sql immutable parallel safe
return case
    when participacion = de then monto
    when otras is null then trunc(monto * participacion / de, 2)
    else dw.resto(monto, de, otras)
end;

-- the sum of those that are known
create or replace function dw.mas(uno numeric, otro numeric) returns numeric
language sql immutable parallel safe
return coalesce(uno + otro, uno, otro);

-- Whether a unit is sold at five times its list price or more, or at a fifth of it or less; not for a gift.
create or replace function dw.es_otro_precio(precio_unitario numeric, precio numeric) returns boolean
language sql immutable parallel safe
return precio_unitario > 0 and (precio_unitario >= 5 * precio or 5 * precio_unitario <= precio);
