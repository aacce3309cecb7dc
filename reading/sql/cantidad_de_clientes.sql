-- How many customers cliente_360 has as of the day; nothing of any one of them.
select count(*) as clientes
from mart.cliente_360_historico
where fecha_corte = %(fecha)s::date
