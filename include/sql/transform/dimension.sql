-- dw.dim_cliente, dw.dim_producto, dw.dim_campania, dw.dim_cuenta or dw.dim_titular: a type 2 slowly changing
-- dimension, with the names of its model; clave_de_* is its key, with the name of a table.
-- Grain: one row per version. Input: the days of its landing table from desde to hasta that wait in staging.
-- A day that is delivered again replaces what it delivered before. The validity of all versions of the keys that a day
-- touches is derived again, so the order in which days arrive does not matter.

delete from %(dimension)s as dimension
using control.cargas as dia
where
    dia.entidad = %(entidad)s
    and dia.capa = 'staging'
    and dia.fecha between %(desde)s::date and %(hasta)s::date
    and dimension.vigente_desde = dia.fecha;

insert into %(dimension)s (%(clave)s, vigente_desde, vigente_hasta, %(columnas_propias)s)
select
    %(clave)s,
    fecha as vigente_desde,
    date '9999-12-31' as vigente_hasta,
    %(columnas_propias)s
from %(entregada)s
where fecha between %(desde)s::date and %(hasta)s::date;

select control.analyze_grown(%(tabla)s::regclass);

-- touched: what begins on one of these days, and what ended on one, with a version that is there no more
with dia as (
    select fecha
    from control.cargas
    where
        entidad = %(entidad)s
        and capa = 'staging'
        and fecha between %(desde)s::date and %(hasta)s::date
),

clave_tocada as (
    select %(clave_de_dimension)s
    from %(dimension)s as dimension
    inner join dia
        on dimension.vigente_desde = dia.fecha
    union
    select %(clave_de_dimension)s
    from %(dimension)s as dimension
    inner join dia
        on dimension.vigente_hasta = dia.fecha
),

version_siguiente as (
    select
        %(clave_de_dimension)s,
        dimension.vigente_desde,
        lead(dimension.vigente_desde, 1, date '9999-12-31') over (
            partition by %(clave_de_dimension)s order by dimension.vigente_desde
        ) as vigente_hasta
    from %(dimension)s as dimension
    inner join clave_tocada
        on (%(clave_de_dimension)s) = (%(clave_de_clave_tocada)s)
)

update %(dimension)s as dimension
set vigente_hasta = version_siguiente.vigente_hasta
from version_siguiente
where
    (%(clave_de_dimension)s) = (%(clave_de_version_siguiente)s)
    and dimension.vigente_desde = version_siguiente.vigente_desde
    and dimension.vigente_hasta <> version_siguiente.vigente_hasta;
