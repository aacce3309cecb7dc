-- the sum at the end
select
    _archivo,
    _linea
from crudo.clientes
where cliente_id = 'TOTAL'
