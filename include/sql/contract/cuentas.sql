-- What is counted while the rows of a feed are judged.

-- by entity, file, day and state: rows, what tells their lines from others, and the sums of their hashes and of the
-- measure, of those that are accepted
create temporary table resumen (
    entidad text,
    entrega integer,
    fecha date,
    estado smallint,
    filas bigint,
    numeradas bigint,
    lineas numeric,
    huella numeric,
    suma numeric
) on commit drop;

-- the meaning of each state above 0
create temporary table defecto (
    entidad text,
    estado smallint,
    motivo text,
    columna text,
    detalle text
) on commit drop;

-- not temporary: workers look lines up in it
create unlogged table crudo._rechazada (
    entidad text,
    entrega integer,
    linea bigint,
    estado smallint
);

-- rejected rows as they stand in their files
create temporary table texto_crudo (
    entrega integer,
    linea bigint,
    texto text
) on commit drop;
