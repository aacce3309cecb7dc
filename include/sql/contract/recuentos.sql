-- control.recuentos: what became of the rows of the files that the run read, and of all files.
-- Grain: one row per entity, and per way of lines to become no row of one.
-- Inputs: control.entregas, control.lecturas, control.rechazos.

delete from control.recuentos
where corrida = %(corrida)s::text;

insert into control.recuentos (
    corrida, entidad, aceptadas, repetidas, rechazadas, aceptadas_en_total, repetidas_en_total, rechazadas_en_total
)
with contada as (
    select
        entidad,
        archivo,
        aceptadas,
        repetidas + reemplazadas + sin_cambio as repetidas,
        rechazadas
    from control.lecturas
    union all
    select
        'copias' as entidad,
        archivo,
        0 as aceptadas,
        lineas as repetidas,
        0 as rechazadas
    from control.entregas
    where copia_de is not null
    union all
    select
        'ilegibles' as entidad,
        archivo,
        0 as aceptadas,
        0 as repetidas,
        lineas - leidas as rechazadas
    from control.entregas
    where lineas > leidas and copia_de is null
    union all
    select
        'sin_mapear' as entidad,
        archivo,
        0 as aceptadas,
        0 as repetidas,
        count(*) as rechazadas
    from control.rechazos
    where entidad = '' and motivo = 'sin_mapear'
    group by archivo
)

select
    %(corrida)s::text as corrida,
    contada.entidad,
    coalesce(sum(contada.aceptadas) filter (where entregas.corrida = %(corrida)s::text), 0) as aceptadas,
    coalesce(sum(contada.repetidas) filter (where entregas.corrida = %(corrida)s::text), 0) as repetidas,
    coalesce(sum(contada.rechazadas) filter (where entregas.corrida = %(corrida)s::text), 0) as rechazadas,
    sum(contada.aceptadas) as aceptadas_en_total,
    sum(contada.repetidas) as repetidas_en_total,
    sum(contada.rechazadas) as rechazadas_en_total
from contada
inner join control.entregas as entregas
    on contada.archivo = entregas.archivo
group by contada.entidad;
