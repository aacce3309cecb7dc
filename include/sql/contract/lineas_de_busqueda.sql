-- Whether rows of an entity come from lookups, which are read whole.
-- Inputs: crudo._resumen, control.entregas.

select exists(
    select
    from crudo._resumen as resumen
    inner join control.entregas as entregas
        on resumen.entrega = entregas.entrega
    where resumen.entidad = %(entidad)s::text and entregas.tabla = any(%(lookups)s::text[])
) as hay;
