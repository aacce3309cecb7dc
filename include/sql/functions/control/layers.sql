-- How the days of control.cargas move from layer to layer: staging, dw, mart.
-- Bodies that name tables are text, so that a migration may replace these tables.

-- Deletes the rows of the days from desde to hasta from a table of staging. A month without others is emptied at once,
-- unless somebody is reading it. On a cluster rows are deleted.
create or replace function control.empty_staging(tabla regclass, desde date, hasta date) returns void
language plpgsql
as $$
declare
    parte regclass;
    quedan_otros boolean;
begin
    for parte in
        select to_regclass(control.month_table(tabla, mes::date))
        from generate_series(date_trunc('month', desde::timestamp), hasta::timestamp, interval '1 month') as mes
    loop
        continue when parte is null or to_regclass('pg_catalog.pg_dist_partition') is not null;
        execute format('select exists (select from %s where fecha not between $1 and $2)', parte)
        into quedan_otros
        using desde, hasta;
        continue when quedan_otros;
        begin
            execute format('lock table %s in access exclusive mode nowait', parte);
            execute format('truncate %s', parte);
        exception
            when lock_not_available then null;
        end;
    end loop;
    execute format('delete from %s where fecha between $1 and $2', tabla) using desde, hasta;
end
$$;

-- Moves the days from desde to hasta that wait in staging on to dw, deletes their rows from staging, and returns the
-- number of rows delivered. A day that a monthly mart has summed before keeps mart as its furthest layer: the sums
-- contain its old rows.
create or replace function control.integrate_days(entidades text[], desde date, hasta date) returns bigint
language plpgsql
as $$
declare
    entidad_integrada text;
    filas_integradas bigint;
begin
    foreach entidad_integrada in array entidades loop
        perform control.empty_staging(format('staging.%I', entidad_integrada)::regclass, desde, hasta);
    end loop;

    with integrada as (
        update control.cargas as cargas
        set
            capa = 'dw',
            capa_alcanzada = case when cargas.capa_alcanzada = 'mart' then 'mart' else 'dw' end
        where
            cargas.entidad = any(entidades)
            and cargas.capa = 'staging'
            and cargas.fecha between desde and hasta
        returning cargas.filas
    )

    select coalesce(sum(integrada.filas), 0)
    into filas_integradas
    from integrada;
    return filas_integradas;
end
$$;

-- Notes that the whole months from that of desde to that of hasta are summed in mart. Also days that another run has
-- loaded again in the meantime: what they delivered before is in the sums.
create or replace function control.summarize_months(entidades text[], desde date, hasta date) returns void
language sql
as $$
update control.cargas
set
    capa = case when capa = 'dw' then 'mart' else capa end,
    capa_alcanzada = 'mart'
where
    entidad = any(entidades)
    and 'dw' in (capa, capa_alcanzada)
    and fecha >= date_trunc('month', desde::timestamp)::date
    and fecha < (date_trunc('month', hasta::timestamp) + interval '1 month')::date
$$;

-- Notes that rows in dw of days that are summed in mart have changed. The days come as a list: on a cluster
-- control.cargas, of which every machine has a copy, can not join a temporary table.
create or replace function control.sum_again(entidad_cambiada text, dias date[]) returns void
language sql
as $$
update control.cargas
set capa = 'dw'
where entidad = entidad_cambiada and capa = 'mart' and fecha = any(dias)
$$;
