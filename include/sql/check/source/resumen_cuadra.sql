-- A card's statement is, to the cent, what was left unpaid of the one before, the instalments that fall into it, and
-- the interest, charges and taxes, less refunds, that are movements of the card up to its close. The n-th instalment of
-- a purchase falls into the n-th statement that closes on its day or later; cents that are left over go to the first;
-- the others fall once, into the first such statement. Checks the statements of which something became known on the
-- days that the run touched, of cards with such movements, all in the currency of the card.

with tocado as (
    select
        resumen_id,
        tarjeta_id,
        cliente_id
    from dw.historia_resumenes
    where fecha = any(%(dias)s::date[])
),

conocido as (
    select distinct on (resumen_id)
        resumen_id,
        tarjeta_id,
        fecha_cierre,
        total,
        pagado
    from dw.historia_resumenes
    where
        fecha <= %(fecha)s::date
        and tarjeta_id in (select tocado.tarjeta_id from tocado)
    order by resumen_id asc, fecha desc
),

resumen as (
    select
        *,
        row_number() over sucesion as orden,
        lag(fecha_cierre, 1, date '-infinity') over sucesion as cierre_anterior,
        lag(total - coalesce(pagado, 0), 1, 0::numeric) over sucesion as arrastre
    from conocido
    window sucesion as (partition by tarjeta_id order by fecha_cierre, resumen_id)
),

tarjeta as (
    select distinct on (tarjeta_id)
        tarjeta_id,
        cliente_id,
        moneda
    from dw.historia_tarjetas
    where
        fecha <= %(fecha)s::date
        and tarjeta_id in (select tocado.tarjeta_id from tocado)
    order by tarjeta_id asc, fecha desc
),

cliente as (
    select cliente_id
    from tocado
    union
    select cliente_id
    from tarjeta
    union
    select '' as cliente_id
),

-- by customer, for whom there is an index: who the statement names, or the card, and nobody, where an account is named
comprado as (
    select
        tarjeta_id,
        fecha,
        moneda,
        case when sentido = 'credito' then -1 else 1 end * coalesce(monto_original, monto) as monto,
        coalesce(cuotas, 1) as cuotas
    from dw.hecho_transacciones
    where
        fecha <= %(fecha)s::date
        and cliente_id in (select cliente.cliente_id from cliente)
        and tarjeta_id in (select tocado.tarjeta_id from tocado)
        and tipo_transaccion in ('compra_tarjeta', 'interes', 'comision', 'impuesto', 'reintegro')
),

-- with the place of the statement that has its first instalment
compra as (
    select
        comprado.tarjeta_id,
        comprado.monto,
        comprado.cuotas,
        primero.orden as primero,
        trunc(comprado.monto / comprado.cuotas, 2) as cuota,
        coalesce(comprado.moneda, '') <> coalesce(tarjeta.moneda, '') as ajena
    from comprado
    inner join resumen as primero
        on
            comprado.tarjeta_id = primero.tarjeta_id
            and comprado.fecha > primero.cierre_anterior
            and comprado.fecha <= primero.fecha_cierre
    left join tarjeta
        on comprado.tarjeta_id = tarjeta.tarjeta_id
),

cuota as (
    select
        resumen.resumen_id,
        compra.cuotas,
        compra.monto,
        compra.cuota,
        compra.ajena,
        resumen.orden - compra.primero + 1 as numero
    from compra
    inner join resumen
        on
            compra.tarjeta_id = resumen.tarjeta_id
            and compra.primero <= resumen.orden
    where resumen.resumen_id in (select tocado.resumen_id from tocado)
),

suma as (
    select
        resumen_id,
        sum(
            case
                when numero = 1 then monto - cuota * (cuotas - 1)
                when numero <= cuotas then cuota
                else 0
            end
        ) as importe
    from cuota
    group by resumen_id
    having not bool_or(ajena)
)

select
    count(*) as hallazgos,
    min('statement ' || resumen.resumen_id || ', another total than its instalments') as ejemplo
from resumen
inner join suma
    on resumen.resumen_id = suma.resumen_id
where resumen.total <> suma.importe + resumen.arrastre;
