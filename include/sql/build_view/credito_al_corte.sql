-- credito_al_corte, for this transaction: what each customer owes on each day of corte, and how late it is.
-- Grain: one row per day and customer with a loan, a card or a statement. Input: parte_de_credito, of this transaction.
-- Someone has credit who owes something or may do so, has an open card, or is late. What is not known of a part of it
-- is not known of the whole.

create temporary table credito_al_corte on commit drop as
with suma as (
    select
        corte,
        cliente_id,
        case when count(deuda) = count(*) then sum(deuda) end as deuda,
        case when count(deuda_tarjetas) = count(*) then sum(deuda_tarjetas) end as deuda_tarjetas,
        case when count(limite) = sum(abierta) then sum(limite) end as limite,
        case when count(dias_mora) = count(*) then max(dias_mora) end as dias_mora,
        case when count(vence_en_el_mes) = count(*) then sum(vence_en_el_mes) end as vence_en_el_mes,
        bool_or(prestamo) as prestamo,
        sum(abierta) > 0 as tarjeta,
        bool_or(prestamo or abierta > 0 or coalesce(deuda, 1) > 0 or dias_mora > 0) as credito
    from parte_de_credito
    group by corte, cliente_id
)

select
    *,
    case when credito then dw.situacion(dias_mora) end as situacion
from suma;
