-- control.rechazos: the rejected rows. Unreadable lines are there since their file was loaded; they and unchanged rows
-- are left alone.
-- Grain: one row per file, line and entity; of several rows that the mapping made of one line, the first reason.
-- Inputs: crudo._rechazada, the temporary tables texto_crudo, defecto and rechazo_anterior, control.entregas.

analyze texto_crudo;

create temporary table rechazo on commit drop as
select distinct on (entregas.archivo, rechazada.linea, rechazada.entidad)
    entregas.archivo,
    rechazada.linea,
    rechazada.entidad,
    defecto.columna,
    defecto.motivo,
    defecto.detalle,
    -- where the text of the file is kept no longer, what was quoted of it is
    coalesce(
        texto_crudo.texto,
        (
            select max(anteriores.texto)
            from control.rechazos as anteriores
            where anteriores.archivo = entregas.archivo and anteriores.linea = rechazada.linea and entregas.sin_texto
        ),
        ''
    ) as texto
from crudo._rechazada as rechazada
inner join control.entregas as entregas
    on rechazada.entrega = entregas.entrega
inner join defecto
    on
        rechazada.entidad = defecto.entidad
        and rechazada.estado = defecto.estado
left join texto_crudo
    on
        rechazada.entrega = texto_crudo.entrega
        and rechazada.linea = texto_crudo.linea
order by entregas.archivo asc, rechazada.linea asc, rechazada.entidad asc, rechazada.estado asc;

analyze rechazo;

delete from control.rechazos as rechazos
using rechazo_anterior as anterior
where
    rechazos.archivo = anterior.archivo
    and rechazos.linea = anterior.linea
    and rechazos.entidad = anterior.entidad
    and rechazos.motivo <> all(%(de_la_linea)s::text[])
    and not exists (
        select 1
        from rechazo
        where
            rechazo.archivo = rechazos.archivo
            and rechazo.linea = rechazos.linea
            and rechazo.entidad = rechazos.entidad
            and (rechazo.columna, rechazo.motivo, rechazo.detalle, rechazo.texto)
            is not distinct from (rechazos.columna, rechazos.motivo, rechazos.detalle, rechazos.texto)
    );

insert into control.rechazos (archivo, linea, entidad, columna, motivo, detalle, texto, corrida)
select
    archivo,
    linea,
    entidad,
    columna,
    motivo,
    detalle,
    texto,
    %(corrida)s as corrida
from rechazo
on conflict (archivo, linea, entidad) do nothing;
