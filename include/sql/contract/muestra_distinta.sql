-- Whether rows of groups in which none came or went are not as before.
-- Inputs: the rows that went, the rows that came, the temporary table linea_de_grupo.

with muestra as (
    select distinct
        entrega,
        linea
    from linea_de_grupo
    where muestra
),

comparada as (
    select
        %(columnas)s,
        1 as veces
    from %(antes)s as fila
    inner join muestra
        on fila._entrega = muestra.entrega and fila._linea = muestra.linea
    union all
    select
        %(columnas)s,
        -1 as veces
    from %(ahora)s as fila
    inner join muestra
        on fila._entrega = muestra.entrega and fila._linea = muestra.linea
)

select exists(
    select
    from comparada
    group by %(sin_tabla)s
    having sum(veces) <> 0
) as hay;
