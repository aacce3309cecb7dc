-- Derives versions from who is missing from lists (_valor 0: the last version, with the day of the list as fecha_baja)
-- and who is on one again (_valor -1: that version as it was, where no other has begun). They come from no line.
-- Inputs: typed rows of customers, all of each, with their keys settled; control.entregas, the temporary tables
-- presencia and lista.

-- what a list said of days on which later ones lack the customer
update %(tipadas)s as anunciada
set _estado = -2
from presencia
inner join control.entregas as entregas
    on presencia.fecha >= entregas.fecha_archivo
where
    presencia.siguiente < presencia.vuelta
    and entregas.tabla = %(tabla)s::text
    and anunciada._estado is null
    and anunciada._entrega = entregas.entrega
    and anunciada.cliente_id = presencia.cliente_id
    and anunciada.fecha >= presencia.siguiente
    and anunciada.fecha < presencia.vuelta;

-- the version as it is on the day of the list
create temporary table ausente on commit drop as
select distinct on (presencia.cliente_id, presencia.siguiente)
    presencia.cliente_id,
    presencia.siguiente as fecha,
    presencia.vuelta,
    juzgada.ctid as fila,
    juzgada.fecha as desde,
    juzgada.fecha_baja
from presencia
inner join %(tipadas)s as juzgada
    on presencia.cliente_id = juzgada.cliente_id
where presencia.siguiente < presencia.vuelta and juzgada._estado is null and juzgada.fecha <= presencia.siguiente
order by presencia.cliente_id asc, presencia.siguiente asc, juzgada.fecha desc;

-- who had left before
delete from ausente
where fecha_baja <= fecha;

insert into %(tipadas)s (_entrega, _linea, %(columnas)s, _estado, _valor, _incompleta)
select
    lista.entrega as _entrega,
    null as _linea,
    %(valores)s,
    null as _estado,
    derivada.clase as _valor,
    false as _incompleta
from (
    select
        fila,
        fecha,
        fecha as fecha_baja,
        0 as clase
    from ausente
    union all
    -- of those who stay away, infinity is the day of no list
    select
        ausente.fila,
        ausente.vuelta as fecha,
        ausente.fecha_baja,
        -1 as clase
    from ausente
    where
        not exists (
            select
            from %(tipadas)s as otra
            where
                otra.cliente_id = ausente.cliente_id
                and otra._estado is null
                and otra.fecha > ausente.fecha
                and otra.fecha <= ausente.vuelta
        )
) as derivada
inner join %(tipadas)s as juzgada
    on derivada.fila = juzgada.ctid
inner join lista
    on derivada.fecha = lista.fecha;

-- it takes the place of one of that day
update %(tipadas)s as reemplazada
set _estado = -2
from ausente
where reemplazada.ctid = ausente.fila and ausente.desde = ausente.fecha;
