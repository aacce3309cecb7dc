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
        %(valores)s,
        1 as veces
    from %(antes)s as juzgada
    inner join muestra
        on juzgada._entrega = muestra.entrega and juzgada._linea = muestra.linea
    union all
    select
        %(valores)s,
        -1 as veces
    from %(ahora)s as juzgada
    inner join muestra
        on juzgada._entrega = muestra.entrega and juzgada._linea = muestra.linea
)

select exists(
    select
    from comparada
    group by %(columnas)s
    having sum(veces) <> 0
) as hay;
