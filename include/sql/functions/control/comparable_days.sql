-- The days that days are compared with: by `semana` the ten before of the same day of the week, a public holiday being
-- a Sunday; by `mes` those at most three days from its place in the three months before, and in that of a year before.
create or replace function control.comparable_days(dias date[], out dia date, out otro date, out por text)
returns setof record
language plpgsql stable
as $$
#variable_conflict use_column
begin
    return query
with calendario as (
    select
        fecha,
        case when feriado is null then dia_semana else 7 end as dia_semana
    from dw.dim_fecha
),

semana as (
    select
        juzgado.fecha as dia,
        calendario.fecha as otro,
        row_number() over (partition by juzgado.fecha order by calendario.fecha desc) as orden
    from calendario as juzgado
    inner join calendario
        on
            juzgado.dia_semana = calendario.dia_semana
            and calendario.fecha < juzgado.fecha
            and calendario.fecha >= juzgado.fecha - 120
    where juzgado.fecha = any(dias)
)

select dia, otro, 'semana'
from semana
where orden <= 10
union all
select juzgado, (juzgado - meses * interval '1 month')::date + distancia, 'mes'
from unnest(dias) as juzgado
cross join unnest(array[1, 2, 3, 12]) as meses
cross join generate_series(-3, 3) as distancia;
end
$$;
