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

-- fecha_baja is the first day on which the person is no longer a customer
create or replace function dw.es_cliente(fecha_alta date, fecha_baja date, fecha date) returns boolean
language sql immutable parallel safe
return fecha_alta <= fecha and (fecha_baja is null or fecha_baja > fecha);

-- an order counts until the day on which it becomes known as cancelled or returned
create or replace function dw.sin_anular(fecha_anulacion date, fecha date) returns boolean
language sql immutable parallel safe
return fecha_anulacion is null or fecha_anulacion > fecha;
