-- The tables that are kept from run to run, beside those of the typed rows and of what is known of parents. Unlogged:
-- what a crash of the server takes is judged again.

create schema if not exists crudo;

drop table if exists crudo._juzgadas, crudo._resumen, crudo._provincias_nombradas, %(conocidos)s;

-- the deliveries as they were when their rows were judged
create unlogged table crudo._juzgadas as
select
    entrega,
    archivo,
    tabla,
    fecha_archivo,
    sha256,
    lectura,
    copia_de,
    corrida
from control.entregas
with no data;

-- by entity, file, day and state: rows, rows with a line, the sum of the hashes of those lines; of accepted rows, the
-- sums of their hashes and of the measure
create unlogged table crudo._resumen (
    entidad text not null,
    entrega integer,
    fecha date,
    estado smallint,
    filas bigint not null,
    numeradas bigint not null,
    lineas numeric not null,
    huella numeric not null,
    suma numeric not null
);

-- the provinces that accepted rows name, with the number of these
create unlogged table crudo._provincias_nombradas (
    entidad text,
    provincia text,
    filas bigint not null,
    primary key (entidad, provincia)
);
