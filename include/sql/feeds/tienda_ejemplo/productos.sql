-- A product is known by the number of the row. All of them have been on sale, at that price, since the shop opened.

select
    productos._archivo,
    productos._linea,
    productos.nombre,
    categorias.nombre as categoria,
    productos.precio,
    productos.costo,
    (productos._linea - 1)::text as producto_id,
    date '2024-01-01' as fecha,
    date '2024-01-01' as fecha_alta
from crudo.productos as productos
left join crudo.categorias as categorias
    on productos.categoriaid = (categorias._linea - 1)::text
