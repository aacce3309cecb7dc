-- Headers of the files of one kind that have rejected rows, each with the files that have it.
-- Grain: one row per header. Inputs: control.entregas, crudo._rechazada.

analyze crudo._rechazada;

select
    columnas,
    array_agg(entrega) as entregas
from control.entregas
where
    tabla = %(tabla_cruda)s::text
    and entrega in (select rechazada.entrega from crudo._rechazada as rechazada)
group by columnas;
