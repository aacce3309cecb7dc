-- The situation of a debtor by days past due: the scale of Argentina's central bank for consumers (BCRA, "Clasificación
-- de deudores").

create or replace function dw.situacion(dias_mora integer) returns integer
language sql immutable parallel safe
return case
    when dias_mora <= 31 then 1
    when dias_mora <= 90 then 2
    when dias_mora <= 180 then 3
    when dias_mora <= 365 then 4
    when dias_mora > 365 then 5
end;
