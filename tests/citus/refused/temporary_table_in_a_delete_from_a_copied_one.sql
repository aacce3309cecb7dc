create temporary table clave_tocada on commit drop as select producto_id from dw.dim_producto;

delete from dw.dim_producto as dimension
using clave_tocada
where dimension.producto_id = clave_tocada.producto_id;
