-- The views that people read: cliente_360 and the answers as of the newest day that passed all checks that stop a run.
-- Each has the columns of its relation, whatever they are.
-- noqa: disable=AM04

select pg_advisory_xact_lock_shared(hashtext('client360 world'));

select pg_advisory_xact_lock(hashtext('client360 schema'));

create or replace view mart.dia_publicado as
select max(dia.fecha_corte) as fecha_corte
from (
    select fecha_corte
    from control.verificaciones
    group by fecha_corte
    having bool_and(correcta or not detiene)
) as dia;

create or replace view mart.cliente_360 as
select *
from mart.cliente_360_historico
where fecha_corte = (select dia.fecha_corte from mart.dia_publicado as dia);

create or replace view mart.productos_mas_vendidos as
select *
from mart.productos_mas_vendidos_historico
where fecha_corte = (select dia.fecha_corte from mart.dia_publicado as dia);

create or replace view mart.clientes_nuevos_recurrentes as
select *
from mart.clientes_nuevos_recurrentes_historico
where fecha_corte = (select dia.fecha_corte from mart.dia_publicado as dia);

create or replace view mart.rotacion_stock as
select *
from mart.rotacion_stock_historico
where fecha_corte = (select dia.fecha_corte from mart.dia_publicado as dia);

create or replace view mart.demoras_logisticas as
select *
from mart.demoras_logisticas_historico
where fecha_corte = (select dia.fecha_corte from mart.dia_publicado as dia);

create or replace view mart.impacto_campanias as
select *
from mart.impacto_campanias_historico
where fecha_corte = (select dia.fecha_corte from mart.dia_publicado as dia);

create or replace view mart.rentabilidad_mensual as
select *
from mart.rentabilidad_mensual_historico
where fecha_corte = (select dia.fecha_corte from mart.dia_publicado as dia);

create or replace view mart.distribucion_geografica as
select *
from mart.distribucion_geografica_historico
where fecha_corte = (select dia.fecha_corte from mart.dia_publicado as dia);
