-- What holds as of a business day. The planner puts the body in the place of the call, so that partitions and indexes
-- are found as if the condition were written out.

-- the first and the last day of the month
create or replace function dw.mes(fecha date) returns date
language sql immutable parallel safe
return date_trunc('month', fecha::timestamp)::date;

create or replace function dw.ultimo_dia(fecha date) returns date
language sql immutable parallel safe
return (date_trunc('month', fecha::timestamp) + interval '1 month' - interval '1 day')::date;

-- a version is valid from its first day until the one on which the next begins
create or replace function dw.vigente(vigente_desde date, vigente_hasta date, fecha date) returns boolean
language sql immutable parallel safe
return vigente_desde <= fecha and vigente_hasta > fecha;

-- Who is a customer on a day is what the version valid on that day says, and no other version: whatever an earlier or a
-- later one says of that day, also that the person leaves, has come back or never left, holds for its own days. So a
-- query asks the version of the day (dw.vigente), or all versions for their days.

-- what a version says of one of its days; fecha_baja is the first day on which the person is no longer a customer
create or replace function dw.es_cliente(fecha_alta date, fecha_baja date, fecha date) returns boolean
language sql immutable parallel safe
return fecha_alta <= fecha and (fecha_baja is null or fecha_baja > fecha);

-- the days of a version on which it says so; the sum over all versions (range_agg) is when the person is a customer
create or replace function dw.dias_de_cliente(
    vigente_desde date, vigente_hasta date, fecha_alta date, fecha_baja date
) returns daterange
language sql immutable parallel safe
return daterange(
    greatest(vigente_desde, fecha_alta),
    -- not before it begins: then it is empty
    greatest(vigente_desde, fecha_alta, least(vigente_hasta, fecha_baja))
);

-- an order counts until the day on which it becomes known as cancelled or returned
create or replace function dw.sin_anular(fecha_anulacion date, fecha date) returns boolean
language sql immutable parallel safe
return fecha_anulacion is null or fecha_anulacion > fecha;
