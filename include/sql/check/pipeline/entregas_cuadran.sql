-- Every line of every file of a feed was read or is in control.rechazos.

with ilegible as (
    select
        archivo,
        count(*) as lineas
    from control.rechazos
    where entidad = '' and motivo <> 'sin_mapear'
    group by archivo
)

select
    count(*) as hallazgos,
    min(
        coalesce(entregas.archivo, ilegible.archivo) || ': ' || coalesce(entregas.lineas, 0) || ' lines, '
        || coalesce(entregas.leidas, 0) || ' read, ' || coalesce(ilegible.lineas, 0) || ' rejected'
    ) as ejemplo
from control.entregas as entregas
full outer join ilegible
    on entregas.archivo = ilegible.archivo
where coalesce(entregas.lineas, 0) <> coalesce(entregas.leidas, 0) + coalesce(ilegible.lineas, 0);
