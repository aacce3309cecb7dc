-- Whether rows of an entity lack a file or a line.
-- Input: the temporary table resumen.

select exists(
    select
    from resumen
    where entidad = %(entidad)s::text and (entrega is null or numeradas < filas)
) as hay;
