-- Work tables of the transaction in which rows are judged.

-- by entity, file, day and state, rows that came, and less than 0 of those that went, as in crudo._resumen
create temporary table diferencia (
    like crudo._resumen
) on commit drop;

-- the meaning of each state above 0
create temporary table defecto (
    entidad text,
    estado smallint,
    motivo text,
    columna text,
    detalle text
) on commit drop;

-- the lines whose rejected rows are collected anew; those of all files where entrega and linea are null
create temporary table linea_juzgada (
    entidad text,
    entrega integer,
    linea bigint
) on commit drop;

-- not temporary: parallel workers read it
create unlogged table crudo._rechazada (
    entidad text,
    entrega integer,
    linea bigint,
    estado smallint
);

-- rejected lines with the text of their file
create temporary table texto_crudo (
    entrega integer,
    linea bigint,
    texto text
) on commit drop;
