-- An account is known from the day on which it was opened.

select
    _archivo,
    _linea,
    cuenta as cuenta_id,
    saldo_inicial,
    fecha(apertura, 'DD/MM/YYYY') as fecha,
    fecha(apertura, 'DD/MM/YYYY') as fecha_apertura,
    case tipo
        when 'CA' then 'caja_ahorro'
        when 'CC' then 'cuenta_corriente'
        else tipo
    end as tipo
from crudo.cuentas
