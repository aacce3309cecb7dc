-- Marks the files of a kind whose text is kept no longer: those whose date is more than so many days before the newest
-- one's. What another run has read in the meantime is not judged yet.
-- Grain: one row per delivery. Inputs: control.entregas, the temporary table entrega_actual.

update control.entregas as entregas
set sin_texto = true
from entrega_actual
where
    entregas.entrega = entrega_actual.entrega
    and entregas.corrida = entrega_actual.corrida
    and entregas.sha256 = entrega_actual.sha256
    and entregas.tabla = %(tabla)s
    and not entregas.sin_texto
    and entregas.fecha_archivo < (
        select max(nuevas.fecha_archivo) - %(dias)s::integer
        from control.entregas as nuevas
        where nuevas.tabla = %(tabla)s
    )
returning entregas.entrega;
