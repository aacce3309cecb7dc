-- The orders of the last delivery whose total is not that of their lines.

select
    ordenes.ordenid,
    ordenes.total,
    sum(crudo.numero(detalle.cantidad, '.') * crudo.numero(detalle.preciounitario, '.')) as total_de_las_lineas
from crudo.ordenes as ordenes
left join crudo.detalle_ordenes as detalle
    on ordenes.ordenid = detalle.ordenid
group by ordenes.ordenid, ordenes.total
having
    crudo.numero(ordenes.total, '.')
    is distinct from sum(crudo.numero(detalle.cantidad, '.') * crudo.numero(detalle.preciounitario, '.'))
order by ordenes.ordenid
