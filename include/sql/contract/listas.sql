-- The full lists of customers by their days, in the temporary table lista. A list with a line whose customer is unknown
-- does not tell who is missing; `siguiente` is the next one that does. Gives the lists that came, and do not.
-- Grain: one row per day. Inputs: typed rows that stay, those that came, control.entregas, the temporary table
-- entrega_cambiada.

create temporary table lista on commit drop as
with anonima as (
    select _entrega
    from %(tipadas)s
    where cliente_id is null
    union
    select _entrega
    from %(ahora)s
    where cliente_id is null
),

dia as (
    select
        entregas.fecha_archivo as fecha,
        (array_agg(entregas.entrega order by entregas.archivo))[1] as entrega,
        string_agg(entregas.archivo, ' and ' order by entregas.archivo) as archivos,
        bool_and(entregas.lineas = entregas.leidas and anonima._entrega is null) as completa,
        bool_or(entrega_cambiada.entrega is not null) as nueva
    from control.entregas as entregas
    left join anonima
        on entregas.entrega = anonima._entrega
    left join entrega_cambiada
        on entregas.entrega = entrega_cambiada.entrega
    where entregas.tabla = %(tabla)s::text and entregas.copia_de is null
    group by entregas.fecha_archivo
)

select
    *,
    min(fecha) filter (where completa) over (
        order by fecha rows between 1 following and unbounded following
    ) as siguiente,
    true as comparada
from dia;

select archivos
from lista
where nueva and not completa
order by fecha;
