-- The deliveries as they are, in the temporary table entrega_actual, and those of them that are not as they were when
-- rows were last judged, in entrega_cambiada: new and withdrawn ones, those that were read again, and those that became
-- copies of others, or are none any more.
-- Grain: one row per delivery. Inputs: control.entregas, crudo._juzgadas.

drop table if exists pg_temp.entrega_actual, pg_temp.entrega_cambiada;

-- what another run reads from now on is judged by the next one
create temporary table entrega_actual on commit drop as
select
    entrega,
    archivo,
    tabla,
    fecha_archivo,
    sha256,
    lectura,
    copia_de,
    corrida
from control.entregas;

create temporary table entrega_cambiada on commit drop as
select
    coalesce(ahora.entrega, antes.entrega) as entrega,
    coalesce(ahora.archivo, antes.archivo) as archivo,
    coalesce(ahora.tabla, antes.tabla) as tabla
from entrega_actual as ahora
full outer join crudo._juzgadas as antes
    on ahora.entrega = antes.entrega
where ahora.* is distinct from antes.*;

analyze entrega_cambiada;

select
    entrega,
    archivo,
    tabla
from entrega_cambiada
order by entrega;
