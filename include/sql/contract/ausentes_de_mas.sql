-- Lists from which more than limite per cent of the customers of the list before are missing: of those who are on one
-- since the last list that tells who is.
-- Grain: one row per list. Inputs: the temporary tables presencia and lista.

select
    lista.archivos,
    contada.faltan,
    contada.antes
from (
    select
        siguiente,
        count(*) filter (where siguiente < vuelta) as faltan,
        count(distinct cliente_id) as antes
    from presencia
    where
        siguiente in (
            select otra.siguiente
            from lista as otra
            where otra.comparada
        )
    group by siguiente
) as contada
inner join lista
    on contada.siguiente = lista.fecha
where contada.faltan * 100 > %(limite)s * contada.antes
order by lista.fecha;
