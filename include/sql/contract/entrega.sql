-- Replaces the changed days of an entity in staging.
-- Inputs: the typed rows of the entity, the temporary table dia_cambiado.

delete from %(destino)s
where
    fecha in (
        select dia_cambiado.fecha
        from dia_cambiado
        where dia_cambiado.entidad = %(entidad)s::text
    );

insert into %(destino)s (%(columnas)s)
select %(valores)s
from %(tipadas)s as juzgada
where
    juzgada._estado is null
    and juzgada.fecha in (
        select dia_cambiado.fecha
        from dia_cambiado
        where dia_cambiado.entidad = %(entidad)s::text
    );
