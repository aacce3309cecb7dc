-- The checks that warn of more or fewer things than on the day that was checked before, or of others: what is as it was
-- has been told. Grain: one row per check. Input: control.verificaciones.
with dia_anterior as (
    select max(fecha_corte) as fecha
    from control.verificaciones
    where fecha_corte < %(fecha)s::date
),

anterior as (
    select
        verificaciones.verificacion,
        verificaciones.hallazgos,
        verificaciones.ejemplo
    from dia_anterior
    inner join control.verificaciones as verificaciones
        on dia_anterior.fecha = verificaciones.fecha_corte
),

advertencia as (
    select
        verificacion,
        hallazgos,
        ejemplo
    from control.verificaciones
    where
        fecha_corte = %(fecha)s::date
        and corrida = %(corrida)s
        and not detiene
        and not correcta
)

select
    advertencia.verificacion,
    advertencia.hallazgos
from advertencia
left join anterior
    on advertencia.verificacion = anterior.verificacion
where (advertencia.hallazgos, advertencia.ejemplo) is distinct from (anterior.hallazgos, anterior.ejemplo)
order by advertencia.verificacion
