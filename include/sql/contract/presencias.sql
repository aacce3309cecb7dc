-- Who is on which list, rejected rows included, in the temporary table presencia: `siguiente` is the next list that
-- tells who is missing, `vuelta` the next one that the customer is on.
-- Grain: one row per customer and list. Inputs: typed rows of customers, all of each, control.entregas, the temporary
-- table lista.

create temporary table presencia on commit drop as
select
    anotada.*,
    lead(anotada.fecha, 1, date 'infinity') over (partition by anotada.cliente_id order by anotada.fecha) as vuelta
from (
    select distinct
        tipada.cliente_id,
        lista.fecha,
        lista.siguiente
    from %(tipadas)s as tipada
    inner join control.entregas as entregas
        on tipada._entrega = entregas.entrega
    inner join lista
        on entregas.fecha_archivo = lista.fecha
    where entregas.tabla = %(tabla)s::text and tipada.cliente_id is not null
) as anotada;

analyze presencia;
