-- dw.dim_producto, type 2 slowly changing dimension.
-- Grain: one row per version of a product. Input: the days of staging.productos from desde to hasta that wait there.
-- A day that is delivered again replaces what it delivered before. The validity of all versions of the products it
-- touched is derived anew, so the order in which days arrive does not matter.

create temporary table producto_tocado on commit drop as
with dia as (
    select fecha
    from control.cargas
    where entidad = 'productos' and capa = 'staging' and fecha between %(desde)s::date and %(hasta)s::date
)

select productos.producto_id
from staging.productos as productos
inner join dia
    on productos.fecha = dia.fecha
union
select dim_producto.producto_id
from dw.dim_producto as dim_producto
inner join dia
    on dim_producto.vigente_desde = dia.fecha;

delete from dw.dim_producto as dim_producto
using control.cargas as cargas
where
    cargas.entidad = 'productos'
    and cargas.capa = 'staging'
    and cargas.fecha between %(desde)s::date and %(hasta)s::date
    and dim_producto.vigente_desde = cargas.fecha;

insert into dw.dim_producto (
    producto_id, vigente_desde, vigente_hasta, nombre, categoria, precio, costo, fecha_alta
)
select
    producto_id,
    fecha as vigente_desde,
    date '9999-12-31' as vigente_hasta,
    nombre,
    categoria,
    precio,
    costo,
    fecha_alta
from staging.productos
where fecha between %(desde)s::date and %(hasta)s::date;

with version_siguiente as (
    select
        dim_producto.producto_id,
        dim_producto.vigente_desde,
        lead(dim_producto.vigente_desde, 1, date '9999-12-31') over (
            partition by dim_producto.producto_id order by dim_producto.vigente_desde
        ) as vigente_hasta
    from dw.dim_producto as dim_producto
    inner join producto_tocado
        on dim_producto.producto_id = producto_tocado.producto_id
)

update dw.dim_producto as dim_producto
set vigente_hasta = version_siguiente.vigente_hasta
from version_siguiente
where
    dim_producto.producto_id = version_siguiente.producto_id
    and dim_producto.vigente_desde = version_siguiente.vigente_desde
    and dim_producto.vigente_hasta <> version_siguiente.vigente_hasta;
