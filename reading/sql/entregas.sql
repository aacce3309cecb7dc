-- The files that feeds delivered, and what became of their rows; the rejected ones themselves are not for all eyes.
-- Grain: one row per file and entity that it was mapped to, the newest first.
select
    entregas.fecha_archivo,
    entregas.archivo,
    lecturas.entidad,
    entregas.lineas,
    lecturas.filas,
    lecturas.aceptadas,
    lecturas.repetidas,
    lecturas.reemplazadas,
    lecturas.sin_cambio,
    lecturas.rechazadas,
    entregas.mundo,
    entregas.lineas - entregas.leidas as ilegibles
from control.entregas as entregas
left join control.lecturas as lecturas
    on entregas.archivo = lecturas.archivo
order by entregas.fecha_archivo desc nulls last, entregas.archivo asc, lecturas.entidad asc
limit 1000
