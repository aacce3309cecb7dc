-- Whether by the day it is known of anybody that he or she holds an account, and which way money goes of anybody.
-- Grain: one row.
select
    exists (select 1 from dw.titularidad where desde <= %(fecha)s::date) as alguna_parte,
    exists (
        select 1
        from mart.cliente_360_historico
        where fecha_corte = %(fecha)s::date and ingresos_totales_promedio is not null
    ) as algun_sentido
