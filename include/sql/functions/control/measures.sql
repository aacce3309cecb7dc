-- What the rows of a day are like, in numbers: control.medidas. They are made of the rows that wait in staging, in the
-- transaction that moves them on, so that they are those of the rows in the star whatever the order of days.

-- What is measured of the columns of a table of staging, and the expression of each measure.
create or replace function control.measures_of(tabla regclass, out medida text, out columna text, out expresion text)
returns setof record
language sql stable
as $$
with columna_medida as (
    select
        quote_ident(attname) as nombre,
        atttypid::regtype::text as tipo
    from pg_catalog.pg_attribute
    where attrelid = tabla and attnum > 0 and not attisdropped and attname <> 'fecha'
),

centinela (tipo, condicion) as (
    values
    ('numeric', 'abs(%s) in (99999, 999999, 9999999, 99999999, 99999.99, 999999.99, 9999999.99, 123456, 1234567)'),
    ('date', '%s in (''1900-01-01'', ''1901-01-01'', ''1970-01-01'', ''1999-12-31'', ''9999-12-31'')'),
    (
        'text',
        '%s in (''TEST'', ''Test'', ''test'', ''PRUEBA'', ''Prueba'', ''prueba'', ''XXX'', ''xxx'', ''N/A'', ''n/a'')'
    )
)

select 'filas', '', 'count(*)'
union all
select
    'nulos',
    nombre,
    format(case tipo when 'text' then 'count(*) - count(nullif(%s, ''''))' else 'count(*) - count(%s)' end, nombre)
from columna_medida
union all
-- whole thousandths, whose sum does not depend on the order of rows
select 'magnitud', nombre, format('avg(round(1000 * log(1 + abs(%s::double precision)))::bigint) / 1000', nombre)
from columna_medida
where tipo = 'numeric'
union all
select 'centinelas', nombre, format('count(*) filter (where %s)', format(condicion, nombre))
from columna_medida
inner join centinela using (tipo)
-- what stands for a key that is not known leads nowhere, which the contract and the checks find
where nombre not like '%\_id'
$$;

-- Measures the rows of an entity on the days from desde to hasta that wait in staging, also of days without any: by
-- value in the columns of `categorias`, and how many are equal but for `llave`, null where rows may be. Of days of two
-- thousand rows or more one content in eight is looked at, chosen by its hash, and stands for the others.
create or replace function control.measure_days(
    entidad_medida text, llave text, categorias text[], desde date, hasta date
) returns void
language plpgsql
as $$
declare
    tabla constant regclass := format('staging.%I', entidad_medida)::regclass;
    medidas text[];
    columnas text[];
    expresiones text;
    grandes date[];
    dias constant date[] := array(
        select fecha
        from control.cargas
        where entidad = entidad_medida and capa = 'staging' and fecha between desde and hasta
    );
begin
    delete from control.medidas where entidad = entidad_medida and fecha = any(dias);

    select array_agg(medida), array_agg(columna), string_agg(expresion, ', ')
    into medidas, columnas, expresiones
    from control.measures_of(tabla);
    execute format(
        'insert into control.medidas (entidad, fecha, medida, columna, categoria, valor) '
        'with contado as ('
        'select fecha, array[%s]::numeric[] as valores from %s where fecha between $2 and $3 group by fecha) '
        'select $1, contado.fecha, medido.medida, medido.columna, '''', round(medido.valor, 3) from contado '
        'cross join lateral unnest($4, $5, contado.valores) as medido (medida, columna, valor) '
        'where contado.fecha = any($6) and medido.valor <> 0',
        expresiones, tabla
    )
    using entidad_medida, desde, hasta, medidas, columnas, dias;

    insert into control.medidas (entidad, fecha, medida, columna, categoria, valor)
    select entidad_medida, dia, 'filas', '', '', 0
    from unnest(dias) as dia
    on conflict do nothing;

    if cardinality(categorias) > 0 then
        execute format(
            'insert into control.medidas (entidad, fecha, medida, columna, categoria, valor) '
            'with contada as ('
            'select fecha, array[%1$s] as valores, count(*) as filas '
            'from %2$s where fecha between $2 and $3 group by fecha, %1$s) '
            'select $1, contada.fecha, ''categoria'', parte.columna, parte.categoria, sum(contada.filas) from contada '
            'cross join lateral unnest($4, contada.valores) as parte (columna, categoria) '
            'where contada.fecha = any($5) and parte.categoria <> '''' '
            'group by contada.fecha, parte.columna, parte.categoria',
            (select string_agg(quote_ident(categoria), ', ') from unnest(categorias) as categoria), tabla
        )
        using entidad_medida, desde, hasta, categorias, dias;
    end if;

    if llave is not null then
        grandes := array(
            select fecha
            from control.medidas
            where entidad = entidad_medida and medida = 'filas' and fecha = any(dias) and valor >= 2000
        );
        -- days as arrays: joined, they would have the rows of the month read once for each of them
        execute format(
            'insert into control.medidas (entidad, fecha, medida, columna, categoria, valor) '
            'with fila as ('
            'select fecha as dia, fecha = any($5) as grande, hash_record_extended(row(%s), 0) as contenido from %s '
            'where fecha between $2 and $3 and fecha = any($4)), '
            'igual as (select dia, grande, count(*) - 1 as otras from fila where not grande or contenido & 7 = 0 '
            'group by dia, grande, contenido having count(*) > 1) '
            'select $1, dia, ''iguales'', '''', '''', sum(otras * case when grande then 8 else 1 end) '
            'from igual group by dia',
            (
                select string_agg(quote_ident(attname), ', ')
                from pg_catalog.pg_attribute
                where attrelid = tabla and attnum > 0 and not attisdropped and attname not in ('fecha', llave)
            ),
            tabla
        )
        using entidad_medida, desde, hasta, dias, grandes;
    end if;
end
$$;
