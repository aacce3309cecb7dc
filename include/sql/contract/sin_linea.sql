-- Whether rows of an entity name no file, or no line.
-- Input: the temporary table resumen.

select exists(
    select
    from resumen
    where entidad = %(entidad)s::text and (entrega is null or numeradas < filas)
) as hay;
