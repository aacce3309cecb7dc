-- Whether rows of an entity lack a file or a line.
-- Input: the temporary table diferencia.

select exists(
    select
    from diferencia
    where entidad = %(entidad)s::text and filas > 0 and (entrega is null or numeradas < filas)
) as hay;
