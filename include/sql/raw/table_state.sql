-- The state of the raw table of a kind of file: the columns of crudo.<tabla>_filas in order, none if there is no such
-- table, and the comment of its view crudo.<tabla>.
-- Grain: one row. Inputs: the system catalogs. to_regclass would answer from a cache that is older than the lock.
with relation as (
    select
        pg_class.oid,
        pg_class.relname
    from pg_class
    inner join pg_namespace on pg_class.relnamespace = pg_namespace.oid
    where pg_namespace.nspname = 'crudo'
)

select
    array(
        select pg_attribute.attname::text
        from pg_attribute
        inner join relation on pg_attribute.attrelid = relation.oid
        where
            relation.relname = %(tabla)s || '_filas'
            and pg_attribute.attnum > 0
            and not pg_attribute.attisdropped
        order by pg_attribute.attnum
    ) as columnas,
    (
        select obj_description(relation.oid, 'pg_class')
        from relation
        where relation.relname = %(tabla)s
    ) as comentario
