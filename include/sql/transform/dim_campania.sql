-- dw.dim_campania, type 2 slowly changing dimension.
-- Grain: one row per version of a campaign. Input: the days of staging.campanias from desde to hasta that wait there.
-- A day that is delivered again replaces what it delivered before. The validity of all versions of the campaigns it
-- touched is derived anew, so the order in which days arrive does not matter.

create temporary table campania_tocada on commit drop as
with dia as (
    select fecha
    from control.cargas
    where entidad = 'campanias' and capa = 'staging' and fecha between %(desde)s::date and %(hasta)s::date
)

select campanias.campania_id
from staging.campanias as campanias
inner join dia
    on campanias.fecha = dia.fecha
union
select dim_campania.campania_id
from dw.dim_campania as dim_campania
inner join dia
    on dim_campania.vigente_desde = dia.fecha;

delete from dw.dim_campania as dim_campania
using control.cargas as cargas
where
    cargas.entidad = 'campanias'
    and cargas.capa = 'staging'
    and cargas.fecha between %(desde)s::date and %(hasta)s::date
    and dim_campania.vigente_desde = cargas.fecha;

insert into dw.dim_campania (
    campania_id, vigente_desde, vigente_hasta, nombre, canal, categoria, fecha_inicio, fecha_fin, presupuesto
)
select
    campania_id,
    fecha as vigente_desde,
    date '9999-12-31' as vigente_hasta,
    nombre,
    canal,
    categoria,
    fecha_inicio,
    fecha_fin,
    presupuesto
from staging.campanias
where fecha between %(desde)s::date and %(hasta)s::date;

with version_siguiente as (
    select
        dim_campania.campania_id,
        dim_campania.vigente_desde,
        lead(dim_campania.vigente_desde, 1, date '9999-12-31') over (
            partition by dim_campania.campania_id order by dim_campania.vigente_desde
        ) as vigente_hasta
    from dw.dim_campania as dim_campania
    inner join campania_tocada
        on dim_campania.campania_id = campania_tocada.campania_id
)

update dw.dim_campania as dim_campania
set vigente_hasta = version_siguiente.vigente_hasta
from version_siguiente
where
    dim_campania.campania_id = version_siguiente.campania_id
    and dim_campania.vigente_desde = version_siguiente.vigente_desde
    and dim_campania.vigente_hasta <> version_siguiente.vigente_hasta;
