-- Bounds what is evaluated only to be compared: the smallest of those groups stay, of 2,000 lines of a kind of file in
-- all, so that a group as large as history is not among them.
-- Inputs: the raw rows of the kind, crudo_en_parte._grupos.

-- where groups are large on average, the planner hopes to come across the lines of each of them soon
set local enable_seqscan = off;

delete from crudo_en_parte._grupos as grupos
using (
    select
        contada.grupo,
        sum(contada.lineas) over (order by contada.lineas, contada.grupo) as lineas_hasta
    from (
        select
            otro.grupo,
            (
                select count(*)
                from (
                    select 1 as linea
                    from %(crudas)s
                    where %(huella)s = otro.grupo
                    limit 2001  -- noqa: AM09
                ) as contable
            ) as lineas
        from crudo_en_parte._grupos as otro
        where otro.muestra
    ) as contada
) as acumulada
where grupos.grupo = acumulada.grupo and acumulada.lineas_hasta > 2000;

set local enable_seqscan = on;
