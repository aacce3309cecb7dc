-- Whether by the day it is known of anybody that he or she holds an account, and which way the money of anybody goes.
-- Grain: one row.
select
    (select min(titularidad.desde) from dw.titularidad as titularidad) <= %(fecha)s::date as alguna_parte,
    count(ingresos_totales_promedio) > 0 as algun_sentido
from mart.cliente_360_historico
where fecha_corte = %(fecha)s::date
