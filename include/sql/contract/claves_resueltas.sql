-- Resolves rows that share a natural key: the first row of the last file is kept. Each other row repeats it (-1), was
-- replaced by it (-2), or contradicts another row of its own file, which is a defect.
-- Inputs: the typed rows of the entity, the temporary table disputada, control.entregas.

with candidata as (
    select
        ctid as fila,
        _entrega,
        _linea,
        %(clave)s,
        row(%(columnas)s)::text as contenido
    from %(tipadas)s
    where
        (_estado > %(clave_repetida)s::smallint) is not false
        and (%(huella)s) in (select disputada.llave from disputada)
),

en_su_archivo as (
    select
        *,
        row_number() over (partition by %(clave)s, _entrega order by _linea, contenido) as orden,
        row_number() over (partition by %(clave)s, _entrega, contenido order by _linea) as vez
    from candidata
),

primera as (
    select
        en_su_archivo.*,
        entregas.fecha_archivo,
        entregas.archivo
    from en_su_archivo
    inner join control.entregas as entregas
        on en_su_archivo._entrega = entregas.entrega
    where en_su_archivo.orden = 1
),

entre_archivos as (
    select
        fila,
        contenido,
        row_number() over ultimo as orden,
        first_value(contenido) over ultimo as vigente
    from primera
    window ultimo as (partition by %(clave)s order by fecha_archivo desc nulls last, archivo desc)
),

juzgada as (
    select
        fila,
        case when vez > 1 then -1 else %(clave_repetida)s::smallint end as estado
    from en_su_archivo
    where orden > 1
    union all
    select
        fila,
        case when contenido = vigente then -1 else -2 end as estado
    from entre_archivos
    where orden > 1
)

update %(tipadas)s as tipada
set _estado = juzgada.estado
from juzgada
where tipada.ctid = juzgada.fila;
