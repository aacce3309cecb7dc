create temporary table clave_tocada on commit drop as select producto_id from dw.dim_producto;

with version_siguiente as (
    select
        dimension.producto_id,
        lead(dimension.vigente_desde, 1, date '9999-12-31') over (
            partition by dimension.producto_id order by dimension.vigente_desde
        ) as vigente_hasta
    from dw.dim_producto as dimension
    inner join clave_tocada on dimension.producto_id = clave_tocada.producto_id
)

update dw.dim_producto as dimension
set vigente_hasta = version_siguiente.vigente_hasta
from version_siguiente
where dimension.producto_id = version_siguiente.producto_id;
