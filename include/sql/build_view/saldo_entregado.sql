-- saldo_entregado, for this transaction: the balances that were delivered.
-- Grain: one row per account and day of the months of the 90 days that end on fecha and, for the day before them, of
-- the last balance of before. Inputs: dw.hecho_saldos, mart.cuenta_mensual. Nothing where the source provides none.

create temporary table saldo_entregado on commit drop as
select
    cuenta_id,
    fecha as dia,
    saldo
from dw.hecho_saldos
where
    fecha between dw.mes(%(fecha)s::date - 89) and %(fecha)s::date
    and 'saldos' = any(%(entidades)s::text[])
union all
(
    select distinct on (cuenta_id)
        cuenta_id,
        dw.mes(%(fecha)s::date - 89) - 1 as dia,
        saldo
    from mart.cuenta_mensual
    where
        mes < dw.mes(%(fecha)s::date - 89)
        and saldo is not null
        and 'saldos' = any(%(entidades)s::text[])
    order by cuenta_id asc, mes desc
);

analyze saldo_entregado;
