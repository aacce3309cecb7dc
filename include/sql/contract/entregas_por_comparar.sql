-- The files whose lines are to be compared with those that SELECTs returned, in the temporary table entrega_comparada:
-- those that have changed, and those of which other lines were returned than before. No copies.
-- Grain: one row per file. Inputs: the temporary tables entrega_cambiada and diferencia, control.entregas.

create temporary table entrega_comparada on commit drop as
select
    entrega,
    archivo,
    tabla
from control.entregas
where
    copia_de is null
    and entrega in (
        select entrega_cambiada.entrega
        from entrega_cambiada
        union all
        select diferencia.entrega
        from diferencia
        where diferencia.entidad <> all(%(derivadas)s::text[])
        group by diferencia.entidad, diferencia.entrega
        having sum(diferencia.filas) <> 0 or sum(diferencia.lineas) <> 0
    );

select
    tabla,
    array_agg(entrega) as entregas
from entrega_comparada
group by tabla;
