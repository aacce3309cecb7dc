-- cuenta_tocada, for this transaction: the accounts of whose holders a day tells something else than before.
-- Grain: one row per account. Inputs: the days of staging.titulares_cuenta from desde to hasta that wait there, and
-- what dw.dim_titular has of them, which they replace.

create temporary table cuenta_tocada on commit drop as
with dia as (
    select fecha
    from control.cargas
    where
        entidad = 'titulares_cuenta'
        and capa = 'staging'
        and fecha between %(desde)s::date and %(hasta)s::date
)

select cuenta_id
from staging.titulares_cuenta
where fecha between %(desde)s::date and %(hasta)s::date
union
select titular.cuenta_id
from dw.dim_titular as titular
inner join dia
    on titular.vigente_desde = dia.fecha;

analyze cuenta_tocada;
