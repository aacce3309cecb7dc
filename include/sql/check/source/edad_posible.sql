-- The customers of mart.cliente_360_historico are born, and no more than 120 years old.

select
    count(*) as hallazgos,
    min('a customer ' || case when edad < 0 then 'who is not born yet' else 'of more than 120 years' end) as ejemplo
from mart.cliente_360_historico
where
    fecha_corte = %(fecha)s::date
    and edad not between 0 and 120;
