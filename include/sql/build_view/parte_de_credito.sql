-- parte_de_credito, for this transaction: what is owed on each loan, card and statement on each day of corte, by whom.
-- Grain: one row per day, loan, open card or statement, and customer whose it is. Inputs: prestamo_al_corte,
-- tarjeta_al_corte, resumen_al_corte, all of this transaction, dw.historia_resumenes, dw.titularidad.
-- What names no customer is of who holds its account on the day, in their parts, as movements are; each amount is
-- divided to the cent, and each of them is as late as the whole.

create temporary table parte_de_credito on commit drop as
with dado as (
    select coalesce(
        'resumenes' = any(%(entidades)s::text[])
        and (select min(fecha) from dw.historia_resumenes) <= %(fecha)s::date, false
    ) as resumenes
),

credito as materialized (
    select
        corte,
        cliente_id,
        cuenta_id,
        deuda,
        dias_mora,
        coalesce(deuda, 1) > 0 or coalesce(dias_mora, 0) > 0 as prestamo,
        0 as abierta,
        null::numeric as limite,
        0::numeric as deuda_tarjetas,
        cuota_del_mes as vence_en_el_mes
    from prestamo_al_corte
    union all
    -- what is owed on a card its statements say, once the source has given any
    select
        tarjeta.corte,
        tarjeta.cliente_id,
        tarjeta.cuenta_id,
        case when dado.resumenes then 0::numeric end as deuda,
        case when dado.resumenes then 0 end as dias_mora,
        false as prestamo,
        1 as abierta,
        tarjeta.limite,
        case when dado.resumenes then 0::numeric end as deuda_tarjetas,
        case when dado.resumenes then 0::numeric end as vence_en_el_mes
    from tarjeta_al_corte as tarjeta
    cross join dado
    where tarjeta.abierta
    union all
    select
        corte,
        cliente_id,
        cuenta_id,
        deuda,
        dias_mora,
        false as prestamo,
        0 as abierta,
        null::numeric as limite,
        deuda as deuda_tarjetas,
        minimo_del_mes as vence_en_el_mes
    from resumen_al_corte
)

select
    corte,
    cliente_id,
    deuda,
    dias_mora,
    prestamo,
    abierta,
    limite,
    deuda_tarjetas,
    vence_en_el_mes
from credito
where cliente_id <> ''
union all
select
    credito.corte,
    titular.cliente_id,
    dw.parte(credito.deuda, titular.participacion, titular.de, titular.otras) as deuda,
    credito.dias_mora,
    credito.prestamo,
    credito.abierta,
    dw.parte(credito.limite, titular.participacion, titular.de, titular.otras) as limite,
    dw.parte(credito.deuda_tarjetas, titular.participacion, titular.de, titular.otras) as deuda_tarjetas,
    dw.parte(credito.vence_en_el_mes, titular.participacion, titular.de, titular.otras) as vence_en_el_mes
from credito
inner join dw.titularidad as titular
    on
        credito.cuenta_id = titular.cuenta_id
        and dw.vigente(titular.desde, titular.hasta, credito.corte)
where
    credito.cliente_id = ''
    and titular.participacion > 0
    and 'titulares_cuenta' = any(%(entidades)s::text[]);
