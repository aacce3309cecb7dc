-- The groups of rows in which a row came or went, of the SELECT that is evaluated next. `muestra` marks those in which
-- none did: they must come out as before. The lines of these groups.

-- not temporary: views that are not look into it
create unlogged table if not exists crudo_en_parte._grupos (
    grupo bigint primary key,
    muestra boolean not null
);

create temporary table if not exists linea_de_grupo (
    entrega integer,
    linea bigint,
    muestra boolean
) on commit drop;

truncate crudo_en_parte._grupos, linea_de_grupo;
