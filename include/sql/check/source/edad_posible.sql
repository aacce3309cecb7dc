-- The customers of mart.cliente_360_historico have a possible age.

select
    count(*) as hallazgos,
    min('a row of ' || fecha_corte) as ejemplo
from mart.cliente_360_historico
where
    fecha_corte = %(fecha)s::date
    and edad not between 0 and 130;
