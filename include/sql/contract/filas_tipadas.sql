-- The typed rows that the feed's SELECT gives of an entity, each with its state: the number of its first defect in
-- values or references, null where it has none. _valor is that of its values alone, which stays when a parent changes.
-- Grain: one row per row of the SELECT. Inputs: the SELECT, control.entregas, crudo._calendario, crudo._conocidos_*.

create unlogged table %(tipadas)s as
select
    juzgada._entrega,
    juzgada._linea,
    %(valores)s,
    %(estado)s as _estado,
    juzgada._valor,
    juzgada._incompleta
from (
    select
        leida.*,
        (case %(defectos)s end)::smallint as _valor,
        %(incompleta)s as _incompleta
    from (
        select
            escrita.*,
            %(lecturas)s
        from (
            select
                entregas.entrega as _entrega,
                fila._linea::bigint as _linea,
                %(escritas)s
            from (
                %(mapeo)s
            ) as fila
            left join control.entregas as entregas
                on fila._archivo = entregas.archivo
            -- the offset keeps the planner from repeating an expression at each use; a bare 0 would rule out workers
            offset '0'  -- noqa: AM09
        ) as escrita
        -- looking up a day takes a sixth of the time of parsing it
        %(calendarios)s
        offset '0'  -- noqa: AM09
    ) as leida
    offset '0'  -- noqa: AM09
) as juzgada
%(padres)s;

-- for the comparisons of rows with each other
analyze %(tipadas)s;
