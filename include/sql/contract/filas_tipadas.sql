-- The typed rows of an entity, as the feed's SELECT gives them, each with its state: the first defect of its values or
-- its parents, null where it has none.
-- Grain: one row per row of the SELECT. Inputs: the SELECT, control.entregas, crudo._calendario, crudo._conocidos_*.

create unlogged table %(tipadas)s as
select
    leida._entrega,
    leida._linea,
    %(valores)s,
    (case %(defectos)s end)::smallint as _estado
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
        -- keeps an expression from being written out wherever it is used; a bare 0 would keep workers away
        offset '0'  -- noqa: AM09
    ) as escrita
    -- to look up a day takes a sixth of the time of reading it
    %(calendarios)s
    offset '0'  -- noqa: AM09
) as leida
%(padres)s;
