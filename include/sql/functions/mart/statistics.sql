-- Statistics in exact numeric.

-- The squared standard error of a mean, from the number of values, their sum and the sum of their squares; null where
-- there are fewer than two. The sums are exact, and one division keeps them so.
create or replace function mart.varianza_de_la_media(valores numeric, suma numeric, suma_de_cuadrados numeric)
returns numeric
language sql immutable parallel safe
return (valores * suma_de_cuadrados - suma * suma) / nullif(valores * valores * (valores - 1), 0);
