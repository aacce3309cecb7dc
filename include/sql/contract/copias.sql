-- Marks the files that are copies of others: those with the content and the date of another file of their kind, and in
-- the same folder where the name of the kind has folders. The original is a file that was read as the feed now says,
-- in the fewest folders, with the shortest path. Gives the copies that were none before.
-- Grain: one row per new copy. Input: control.entregas.

with comparada as (
    select
        archivo,
        case
            when lineas > 0 and tabla <> all(%(contadas)s::text[])
                then first_value(archivo) over (
                    partition by
                        tabla, fecha_archivo, sha256,
                        case when tabla = any(%(con_carpeta)s::text[]) then regexp_replace(archivo, '[^/]*$', '') end
                    order by
                        coalesce(lectura = any(%(ajustes)s::text[]), false) desc,
                        array_length(string_to_array(archivo, '/'), 1),
                        length(archivo),
                        archivo
                )
            else archivo
        end as original
    from control.entregas
),

cambiada as (
    select
        entregas.archivo,
        nullif(comparada.original, entregas.archivo) as copia_de,
        entregas.copia_de is null as nueva
    from control.entregas as entregas
    inner join comparada
        on entregas.archivo = comparada.archivo
    where nullif(comparada.original, entregas.archivo) is distinct from entregas.copia_de
),

marcada as (
    update control.entregas as entregas
    set copia_de = cambiada.copia_de
    from cambiada
    where entregas.archivo = cambiada.archivo
)

select
    archivo,
    copia_de
from cambiada
where nueva
order by archivo;
