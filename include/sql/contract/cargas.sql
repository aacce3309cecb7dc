-- Days whose accepted rows differ from those in control.cargas, in the temporary table dia_cambiado; days that lost all
-- their rows too. Where the same rows come from another file, only the file is updated and the day has not changed.
-- Grain: one row per entity and day. Inputs: crudo._resumen, control.entregas, control.cargas.

create temporary table dia_cambiado on commit drop as
with contada as (
    select
        entrega,
        fecha,
        filas,
        suma,
        huella,
        case when entidad = any(%(derivadas)s::text[]) then 'clientes' else entidad end as entidad
    from crudo._resumen
    where estado is null and entidad = any(%(entidades)s::text[] || %(derivadas)s::text[])
),

aceptada as (
    select
        contada.entidad,
        contada.fecha,
        sum(contada.filas) as filas,
        sum(contada.suma) as suma,
        (array_agg(entregas.archivo order by entregas.fecha_archivo desc nulls last, entregas.archivo desc))[1]
            as archivo,
        encode(sha256(convert_to(sum(contada.filas) || ' ' || sum(contada.huella), 'UTF8')), 'hex') as sha256
    from contada
    inner join control.entregas as entregas
        on contada.entrega = entregas.entrega
    group by contada.entidad, contada.fecha
)

select
    coalesce(aceptada.entidad, cargas.entidad) as entidad,
    coalesce(aceptada.fecha, cargas.fecha) as fecha,
    coalesce(aceptada.filas, 0) as filas,
    coalesce(aceptada.suma, 0) as suma,
    coalesce(aceptada.archivo, '') as archivo,
    coalesce(aceptada.sha256, '') as sha256,
    coalesce(aceptada.filas, 0) <> coalesce(cargas.filas, 0)
    or coalesce(aceptada.sha256 <> cargas.sha256, false) as otras_filas
from aceptada
full outer join control.cargas as cargas
    on
        aceptada.entidad = cargas.entidad
        and aceptada.fecha = cargas.fecha
where
    coalesce(aceptada.filas, 0) <> coalesce(cargas.filas, 0)
    or (aceptada.sha256, aceptada.archivo) <> (cargas.sha256, cargas.archivo);

analyze dia_cambiado;

-- these days are there; an update could not join them where control.cargas is on several machines
insert into control.cargas (
    entidad, fecha, filas, suma, archivo, sha256, mundo, corrida, capa, capa_alcanzada
)
select
    entidad,
    fecha,
    filas,
    suma,
    archivo,
    sha256,
    %(mundo)s as mundo,
    %(corrida)s as corrida,
    'staging' as capa,
    'staging' as capa_alcanzada
from dia_cambiado
where not otras_filas
on conflict (entidad, fecha) do update
    set archivo = excluded.archivo;

delete from dia_cambiado
where not otras_filas;

insert into control.cargas (
    entidad, fecha, filas, suma, archivo, sha256, mundo, corrida, capa, capa_alcanzada
)
select
    entidad,
    fecha,
    filas,
    suma,
    archivo,
    sha256,
    %(mundo)s as mundo,
    %(corrida)s as corrida,
    'staging' as capa,
    'staging' as capa_alcanzada
from dia_cambiado
-- capa_alcanzada is kept: the delivery before remains in that layer until the new one replaces it
on conflict (entidad, fecha) do update
    set
        filas = excluded.filas,
        suma = excluded.suma,
        archivo = excluded.archivo,
        sha256 = excluded.sha256,
        mundo = excluded.mundo,
        corrida = excluded.corrida,
        capa = excluded.capa;
