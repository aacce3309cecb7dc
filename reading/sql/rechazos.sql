-- What became of the rows of other people's files: those with the day in their name, and those that the run read which
-- checked the day. Counts only: a rejected line may be a person's.
-- Grain: one row per entity that they were mapped to, and one for lines that could not be read.
with entrega as (
    select
        archivo,
        lineas,
        leidas
    from control.entregas
    where
        copia_de is null
        and (
            fecha_archivo = %(fecha)s::date
            or corrida in (
                select verificaciones.corrida
                from control.verificaciones as verificaciones
                where verificaciones.fecha_corte = %(fecha)s::date
            )
        )
),

por_entidad as (
    select
        lecturas.entidad,
        sum(lecturas.filas)::bigint as filas,
        sum(lecturas.aceptadas)::bigint as aceptadas,
        sum(lecturas.rechazadas)::bigint as rechazadas
    from entrega
    inner join control.lecturas as lecturas
        on entrega.archivo = lecturas.archivo
    group by lecturas.entidad
),

ilegible as (
    select
        'lineas_ilegibles' as entidad,
        sum(lineas - leidas)::bigint as filas,
        0::bigint as aceptadas,
        sum(lineas - leidas)::bigint as rechazadas
    from entrega
    having sum(lineas - leidas) > 0
)

select * from por_entidad
union all
select * from ilegible
order by rechazadas desc, entidad asc
