-- Customers without dates: all of them are customers from the first day of the bank's history, 2025-01-01, and their
-- age is what it was on that day.

select
    _archivo,
    _linea,
    cliente_id,
    nombre,
    provincia,
    ingresos_mensuales,
    date '2025-01-01' as fecha,
    date '2025-01-01' as fecha_alta,
    -- an age that is no number is left to the contract to refuse
    case
        when edad ~ '^[0-9]{1,3}$'
            then (date '2025-01-01' - make_interval(years => edad::integer))::date::text
        else edad
    end as fecha_nacimiento
from crudo.clientes
