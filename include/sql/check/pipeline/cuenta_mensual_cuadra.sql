-- mart.cuenta_mensual adds up, to the cent, to the movements of accounts in the months that the run touched, and knows
-- the accounts of which a balance was delivered. A month of which another run has days on their way is left to it.

with en_camino as (
    select count(*) as dias
    from control.cargas
    where
        entidad in ('transacciones', 'saldos')
        and capa <> 'mart'
        and fecha between %(mes)s::date and dw.ultimo_dia(%(mes)s::date)
),

movimiento as (
    select
        coalesce(
            sum(dw.en_cuenta(coalesce(monto_original, monto), sentido, tipo_transaccion, tarjeta_id)), 0
        ) as neto,
        count(*) filter (where dw.en_cuenta(monto, sentido, tipo_transaccion, tarjeta_id) is null) as sin_sentido
    from dw.hecho_transacciones
    where fecha between %(mes)s::date and dw.ultimo_dia(%(mes)s::date) and cuenta_id is not null
),

saldo as (
    select count(distinct cuenta_id) as cuentas
    from dw.hecho_saldos
    where fecha between %(mes)s::date and dw.ultimo_dia(%(mes)s::date)
),

resumen as (
    select
        coalesce(sum(neto), 0) as neto,
        coalesce(sum(sin_sentido), 0) as sin_sentido,
        count(saldo) as cuentas
    from mart.cuenta_mensual
    where mes = %(mes)s::date
)

select
    count(*) as hallazgos,
    min('the month of ' || %(mes)s::date) as ejemplo
from resumen
cross join movimiento
cross join saldo
cross join en_camino
where
    en_camino.dias = 0
    and (resumen.neto, resumen.sin_sentido, resumen.cuentas)
    is distinct from (movimiento.neto, movimiento.sin_sentido, saldo.cuentas);
