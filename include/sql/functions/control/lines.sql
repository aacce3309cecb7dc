-- Which lines of which files accepted rows of an entity were made of, without their text: for readers too, who see no
-- row of crudo. claves is an array of objects, columns of the entity and their values, all of the same columns.
-- Grain: one row per key, by its place in the array, and line; none where no files are read.

create or replace function control.lineas(entidad text, claves jsonb)
returns table (orden bigint, archivo text, linea bigint)
language plpgsql
stable
security definer
set search_path = ''
set datestyle = 'ISO'
as $$
declare
    condicion text;
begin
    if to_regclass(format('staging.%I', entidad)) is null or to_regclass(format('crudo.%I', '_' || entidad)) is null then
        return;
    end if;
    select string_agg(format('juzgada.%I::text = dada.clave ->> %L', columna, columna), ' and ')
    into condicion
    from jsonb_object_keys(claves -> 0) as columna;
    if condicion is null then
        return;
    end if;
    return query execute format(
        'select dada.orden, entregas.archivo::text, juzgada._linea
        from jsonb_array_elements($1) with ordinality as dada (clave, orden)
        inner join crudo.%I as juzgada on %s
        inner join control.entregas as entregas on juzgada._entrega = entregas.entrega
        where juzgada._estado is null',
        '_' || entidad,
        condicion
    ) using claves;
end
$$;
