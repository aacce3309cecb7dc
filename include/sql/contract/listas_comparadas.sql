-- Leaves `comparada` to the lists of whose customers others may be missing from the next list than before: those before
-- and after a list that came, changed or went. Adds the units of their customers to the temporary table tocada.
-- Inputs: the typed rows of before, those that went, those that came, the temporary tables lista, entrega_actual and
-- entrega_cambiada, crudo._juzgadas.

with otra as (
    select entrega_cambiada.entrega
    from entrega_cambiada
    union
    select antes._entrega
    from %(antes)s as antes
    where antes.cliente_id is null
    union
    select ahora._entrega
    from %(ahora)s as ahora
    where ahora.cliente_id is null
),

cambio as (
    select entrega_actual.fecha_archivo as fecha
    from entrega_actual
    where entrega_actual.tabla = %(tabla)s::text and entrega_actual.entrega in (select otra.entrega from otra)
    union
    select juzgadas.fecha_archivo as fecha
    from crudo._juzgadas as juzgadas
    where juzgadas.tabla = %(tabla)s::text and juzgadas.entrega in (select otra.entrega from otra)
),

comparada as (
    select min(lista.fecha) filter (where lista.completa and lista.fecha >= cambio.fecha) as siguiente
    from cambio
    cross join lista
    group by cambio.fecha
    union
    select min(lista.fecha) filter (where lista.completa and lista.fecha > cambio.fecha) as siguiente
    from cambio
    cross join lista
    group by cambio.fecha
)

update lista
set
    comparada = exists(
        select
        from comparada
        where comparada.siguiente is not distinct from lista.siguiente
    );

insert into tocada (llave)
select distinct %(huella)s as llave
from %(tipadas)s
where
    _entrega in (
        select entregas.entrega
        from control.entregas as entregas
        inner join lista
            on entregas.fecha_archivo = lista.fecha
        where entregas.tabla = %(tabla)s::text and lista.comparada
    );
