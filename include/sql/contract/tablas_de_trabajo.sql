-- Work tables that rows are counted and collected in while a feed is judged.

-- by entity, file, day and state: rows, rows with a line, the sum of the hashes of those lines; of accepted rows, the
-- sums of their hashes and of the measure
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
