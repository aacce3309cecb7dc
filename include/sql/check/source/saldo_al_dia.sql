-- An open account whose balance was delivered once has a newer one when others have and it has moved since: else its
-- figures stay at the old balance. Looks at whole months.

with ultimo as materialized (
    select
        cuenta_id,
        max(mes) as mes
    from mart.cuenta_mensual
    where saldo is not null and mes < dw.mes(%(fecha)s::date + 1)
    group by cuenta_id
),

atrasada as (
    select
        ultimo.cuenta_id,
        ultimo.mes
    from ultimo
    inner join mart.cuenta_mensual as despues
        on
            ultimo.cuenta_id = despues.cuenta_id
            and ultimo.mes < despues.mes
    inner join dw.dim_cuenta as cuenta
        on
            ultimo.cuenta_id = cuenta.cuenta_id
            and dw.vigente(cuenta.vigente_desde, cuenta.vigente_hasta, %(fecha)s::date)
    where
        ultimo.mes < (select max(de_otras.mes) from ultimo as de_otras)
        and despues.mes <= (select max(de_otras.mes) from ultimo as de_otras)
        and (despues.neto <> 0 or despues.sin_sentido > 0)
        and dw.es_cliente(coalesce(cuenta.fecha_apertura, cuenta.vigente_desde), cuenta.fecha_cierre, %(fecha)s::date)
    group by ultimo.cuenta_id, ultimo.mes
)

select
    count(*) as hallazgos,
    min('account ' || cuenta_id || ' has moved since its last balance, of ' || to_char(mes, 'YYYY-MM')) as ejemplo
from atrasada;
