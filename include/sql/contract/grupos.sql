-- The groups of rows in which a row came or went, and the lines of these groups, of the SELECT that is evaluated next.
-- `muestra` marks those in which none did: they must come out as before.

create temporary table if not exists grupo_tocado (
    grupo bigint primary key,
    muestra boolean not null
) on commit drop;

create temporary table if not exists linea_de_grupo (
    entrega integer,
    linea bigint,
    muestra boolean
) on commit drop;

truncate grupo_tocado, linea_de_grupo;
