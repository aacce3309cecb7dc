-- The rejected rows of before that this run judged again, in the temporary table rechazo_anterior: of the files that
-- have changed, of the lines that were judged, and of the files whose lines were compared.
-- Grain: one row per file, line and entity. Inputs: control.rechazos, the temporary tables entrega_cambiada,
-- linea_juzgada and entrega_comparada.

create temporary table rechazo_anterior on commit drop as
select
    rechazos.archivo,
    rechazos.linea,
    rechazos.entidad
from control.rechazos as rechazos
where rechazos.archivo in (select entrega_cambiada.archivo from entrega_cambiada)
union
select
    rechazos.archivo,
    rechazos.linea,
    rechazos.entidad
from control.rechazos as rechazos
inner join control.entregas as entregas
    on rechazos.archivo = entregas.archivo
inner join linea_juzgada
    on
        rechazos.entidad = linea_juzgada.entidad
        and entregas.entrega = linea_juzgada.entrega
        and rechazos.linea = linea_juzgada.linea
union
select
    rechazos.archivo,
    rechazos.linea,
    rechazos.entidad
from control.rechazos as rechazos
where
    rechazos.entidad in (
        select linea_juzgada.entidad
        from linea_juzgada
        where linea_juzgada.entrega is null
    )
union
select
    rechazos.archivo,
    rechazos.linea,
    rechazos.entidad
from control.rechazos as rechazos
where
    rechazos.entidad = ''
    and rechazos.archivo in (select entrega_comparada.archivo from entrega_comparada);
