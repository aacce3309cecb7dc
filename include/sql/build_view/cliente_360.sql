-- mart.cliente_360, a view: the customers as of the newest day all of whose checks passed.

select pg_advisory_xact_lock_shared(hashtext('client360 world'));

select pg_advisory_xact_lock(hashtext('client360 schema'));

create or replace view mart.cliente_360 as
select
    cliente_id,
    nombre,
    edad,
    provincia,
    ingresos_mensuales,
    gasto_mensual_promedio,
    score_endeudamiento,
    origen_ingresos,
    meses_observados,
    ocupacion,
    antiguedad_meses,
    segmento_ingresos,
    fecha_corte
from mart.cliente_360_historico
where fecha_corte = (
    select max(dia.fecha_corte)
    from (
        select fecha_corte
        from control.verificaciones
        group by fecha_corte
        having bool_and(correcta)
    ) as dia
);
