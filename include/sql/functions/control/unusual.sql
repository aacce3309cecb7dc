-- What is unusual of a day, where there are eight days of its kind to compare it with: the rule of each measure, behind
-- the checks in include/sql/check/monitor. Margins are robust, by quartiles and twentieths, which a bad day hardly
-- moves, and never less than what chance makes of so few rows.

create or replace function control.unusual_measures(
    medida_juzgada text,
    dias date[],
    out entidad text,
    out fecha date,
    out columna text,
    out filas numeric,
    out valor numeric,
    out mediana numeric
) returns setof record
language plpgsql stable
as $$
#variable_conflict use_column
begin
    return query
select entidad, fecha, columna, filas, valor, mediana
from control.usual_measures(medida_juzgada, dias)
where
    comparados >= 8
    and case medida_juzgada
        -- beyond what both the day of the week and the time of the month let expect; no row at all, by the first alone
        when 'filas' then mediana >= 15 and (
            (valor = 0 and decimo > 0)
            or (
                abs(valor - mediana) > 5 * greatest(desvio, sqrt(2 * mediana), 0.05 * mediana)
                and (valor < decimo / 2 or (valor > 1.25 * alto and not agitado))
            )
        )
        when 'magnitud' then
            filas >= 15
            and abs(valor - mediana) > 5 * greatest(desvio, 1.5 / sqrt(filas), 0.02)
            -- offers are larger on days of trade; what comes in cents is a hundred times as large
            and valor not between bajo - case when agitado then 1.5 else 0.75 end
            and alto + case when agitado then 1.5 else 0.75 end
        when 'nulos' then
            filas >= 15
            and not agitado
            and valor > 1.1 * alto + 0.05
            and valor - mediana > 5 * greatest(desvio, sqrt(3 * greatest(mediana * (1 - mediana), 0.02) / filas), 0.01)
        when 'categoria' then filas >= 15 and valor not between bajo / 2 - 1 and 1.5 * alto + 2
        when 'iguales' then round(valor * filas) >= 5 and valor > 1.5 * alto + 0.1
        when 'centinelas' then round(valor * filas) >= 3 and valor > 2 * alto + 0.001
    end;
end
$$;

-- A value of a category without what tells spellings of it apart: capitals, accents, blanks and punctuation.
create or replace function control.spelled_plainly(categoria text) returns text
language sql immutable parallel safe
return regexp_replace(
    translate(lower(categoria collate "C"), 'áéíóúüñÁÉÍÓÚÜÑ', 'aeiouunaeiouun'), '[^a-z0-9]', '', 'g'
);

-- The values of categories that are new on the days: not seen in the 90 days before, in which they were written
-- otherwise.
create or replace function control.new_spellings(
    dias date[], out entidad text, out fecha date, out columna text, out categoria text
) returns setof record
language plpgsql stable
as $$
#variable_conflict use_column
begin
    return query
with escrita as (
    select
        entidad,
        fecha,
        columna,
        categoria,
        lag(fecha) over (partition by entidad, columna, categoria order by fecha) as asi,
        max(fecha) over (
            partition by entidad, columna, control.spelled_plainly(categoria)
            order by fecha
            range between '90 days' preceding and '1 day' preceding
        ) as de_alguna_manera
    from control.medidas
    where
        medida = 'categoria'
        and fecha between (select min(dia) - 90 from unnest(dias) as dia) and (select max(dia) from unnest(dias) as dia)
)

select entidad, fecha, columna, categoria
from escrita
where
    fecha = any(dias)
    and (asi is null or asi < fecha - 90)
    and de_alguna_manera is not null
    and control.spelled_plainly(categoria) <> '';
end
$$;
