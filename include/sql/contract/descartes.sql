-- Rows that the feed leaves out on purpose: they reach no entity.
-- Grain: one row per line of a file. Inputs: the feed's SELECT, control.entregas.

create unlogged table %(tipadas)s as
select distinct
    entregas.entrega as _entrega,
    fila._linea::bigint as _linea
from (
    %(mapeo)s
) as fila
left join control.entregas as entregas
    on fila._archivo = entregas.archivo;
