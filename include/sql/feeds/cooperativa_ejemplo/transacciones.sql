-- Entries of accounts name the account alone. A purchase by card names its member, and is one movement, whatever its
-- instalments.

select
    _archivo,
    _linea,
    'asiento ' || asiento as transaccion_id,
    null as cliente_id,
    cuenta as cuenta_id,
    null as tarjeta_id,
    ltrim(importe, '-') as monto,
    null as cuotas,
    null as comercio,
    fecha(fecha, 'DD/MM/YYYY') as fecha,
    case when importe like '-%' then 'debito' else 'credito' end as sentido,
    case concepto
        when 'HABERES' then 'ingreso_sueldo'
        when 'DEPOSITO' then 'deposito'
        when 'SERVICIO' then 'pago_servicio'
        when 'DEBITO' then 'debito_automatico'
        when 'CAJERO' then 'extraccion_cajero'
        when 'COMPRA' then 'compra_tarjeta'
        else lower(concepto)
    end as tipo_transaccion
from crudo.apuntes
union all
select
    _archivo,
    _linea,
    cupon as transaccion_id,
    socio as cliente_id,
    null as cuenta_id,
    tarjeta as tarjeta_id,
    importe as monto,
    cuotas,
    comercio,
    fecha(fecha, 'DD/MM/YYYY') as fecha,
    'debito' as sentido,
    'compra_tarjeta' as tipo_transaccion
from crudo.compras
