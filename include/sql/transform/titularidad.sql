-- dw.titularidad: whose an account is, by the one rule that all figures of accounts follow.
-- Grain: one row per account, holder and time in which nothing of who holds it changes. Inputs: cuenta_tocada, of
-- this transaction, and dw.dim_titular, of those accounts.
-- Where anybody has a participacion, it is theirs in these proportions; else it is wholly the main holder's: the
-- titular with the smallest cliente_id or, without one, the smallest of the others. What is so on a day is what the
-- versions of that day say, so nothing that becomes known later changes it.

create temporary table tenencia on commit drop as
select
    cuenta_id,
    cliente_id,
    rol,
    coalesce(participacion, 0) as participacion,
    dw.dias_de_cliente(vigente_desde, vigente_hasta, coalesce(desde, vigente_desde), hasta) as dias
from dw.dim_titular
where cuenta_id in (select tocada.cuenta_id from cuenta_tocada as tocada);

delete from dw.titularidad
where cuenta_id in (select tocada.cuenta_id from cuenta_tocada as tocada);

insert into dw.titularidad (cuenta_id, cliente_id, desde, hasta, rol, participacion, de, otras)
with corte as (
    select
        cuenta_id,
        lower(dias) as dia
    from tenencia
    where not isempty(dias)
    union
    select
        cuenta_id,
        upper(dias) as dia
    from tenencia
    where not isempty(dias)
),

tramo as (
    select
        cuenta_id,
        dia as desde,
        lead(dia) over (partition by cuenta_id order by dia) as hasta
    from corte
),

-- a part before none, then the titular before others
ordenada as (
    select
        tenencia.cuenta_id,
        tenencia.cliente_id,
        tramo.desde,
        tramo.hasta,
        tenencia.rol,
        tenencia.participacion,
        sum(tenencia.participacion) over (partition by tenencia.cuenta_id, tramo.desde) as suma,
        row_number() over (
            partition by tenencia.cuenta_id, tramo.desde
            order by tenencia.participacion = 0, tenencia.rol is distinct from 'titular', tenencia.cliente_id
        ) as puesto
    from tenencia
    inner join tramo
        on
            tenencia.cuenta_id = tramo.cuenta_id
            and tenencia.dias @> daterange(tramo.desde, tramo.hasta)
),

repartida as (
    select
        cuenta_id,
        cliente_id,
        desde,
        hasta,
        rol,
        puesto,
        case when suma > 0 then participacion else (puesto = 1)::integer end as parte,
        case when suma > 0 then suma else 1 end as de
    from ordenada
)

select
    cuenta_id,
    cliente_id,
    desde,
    hasta,
    rol,
    parte as participacion,
    de,
    case
        when puesto = 1
            then coalesce(
                array_agg(parte) filter (where puesto > 1 and parte > 0) over (partition by cuenta_id, desde), '{}'
            )
    end as otras
from repartida;
