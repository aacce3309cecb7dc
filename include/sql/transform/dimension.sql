-- dw.dim_cliente, dw.dim_producto or dw.dim_campania: a type 2 slowly changing dimension, with the names of its model.
-- Grain: one row per version. Input: the days of its landing table from desde to hasta that wait in staging.
-- A day that is delivered again replaces what it delivered before. The validity of all versions of the keys that a day
-- touches is derived again, so the order in which days arrive does not matter.

create temporary table clave_tocada on commit drop as
select entrega.%(clave)s
from %(entregada)s as entrega
inner join control.pending_days(%(entidad)s, %(desde)s, %(hasta)s) as dia
    on entrega.fecha = dia.fecha
union
select dimension.%(clave)s
from %(dimension)s as dimension
inner join control.pending_days(%(entidad)s, %(desde)s, %(hasta)s) as dia
    on dimension.vigente_desde = dia.fecha;

analyze clave_tocada;

delete from %(dimension)s as dimension
using control.pending_days(%(entidad)s, %(desde)s, %(hasta)s) as dia
where dimension.vigente_desde = dia.fecha;

insert into %(dimension)s (%(clave)s, vigente_desde, vigente_hasta, %(columnas_propias)s)
select
    %(clave)s,
    fecha as vigente_desde,
    date '9999-12-31' as vigente_hasta,
    %(columnas_propias)s
from %(entregada)s
where fecha between %(desde)s::date and %(hasta)s::date;

with version_siguiente as (
    select
        dimension.%(clave)s,
        dimension.vigente_desde,
        lead(dimension.vigente_desde, 1, date '9999-12-31') over (
            partition by dimension.%(clave)s order by dimension.vigente_desde
        ) as vigente_hasta
    from %(dimension)s as dimension
    inner join clave_tocada
        on dimension.%(clave)s = clave_tocada.%(clave)s
)

update %(dimension)s as dimension
set vigente_hasta = version_siguiente.vigente_hasta
from version_siguiente
where
    dimension.%(clave)s = version_siguiente.%(clave)s
    and dimension.vigente_desde = version_siguiente.vigente_desde
    and dimension.vigente_hasta <> version_siguiente.vigente_hasta;
