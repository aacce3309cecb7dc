-- No customer has the document, or the e-mail address and the date of birth, of another one. Nobody is merged:
-- posible_duplicado_de of cliente_360 says of whom.

select
    count(*) as hallazgos,
    min('a customer who may be another one once more: see posible_duplicado_de'::text) as ejemplo
from mart.cliente_360_historico
where
    fecha_corte = %(fecha)s::date
    and posible_duplicado_de is not null;
