-- mart.cliente_360_historico has one row for each customer of the day, and no other.

with activo as (
    select cliente_id
    from dw.dim_cliente
    where
        dw.vigente(vigente_desde, vigente_hasta, %(fecha)s::date)
        and dw.es_cliente(fecha_alta, fecha_baja, %(fecha)s::date)
),

fila as (
    select cliente_id
    from mart.cliente_360_historico
    where fecha_corte = %(fecha)s::date
)

select
    count(*) as hallazgos,
    min(case when fila.cliente_id is null then 'a customer without row' else 'a row without customer' end) as ejemplo
from activo
full outer join fila
    on activo.cliente_id = fila.cliente_id
where activo.cliente_id is null or fila.cliente_id is null;
