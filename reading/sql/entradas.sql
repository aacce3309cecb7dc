-- What the newest run of a day found amiss in its input folder: files that it did not read, how many and the first of
-- them, and kinds of files of the feed of which none has ever come.
-- Grain: one row per notice, none where all is well. Input: control.entradas.
with ultima as (
    select
        sin_leer,
        sin_leer_primeros,
        tipos_sin_archivo
    from control.entradas
    where fecha_corte = %(fecha)s::date
    order by momento desc
    limit 1
)

select
    'archivos_sin_leer' as aviso,
    sin_leer || ': ' || sin_leer_primeros as detalle
from ultima
where sin_leer > 0
union all
select
    'tipos_sin_archivo' as aviso,
    tipos_sin_archivo as detalle
from ultima
where tipos_sin_archivo is not null
order by aviso
