-- No document and no e-mail address is that of more than five customers. It stands for what is not known, so it makes
-- nobody a posible_duplicado_de.

with documento as (
    select count(*) as clientes
    from dw.dim_cliente
    where
        dw.vigente(vigente_desde, vigente_hasta, %(fecha)s::date)
        and dw.es_cliente(fecha_alta, fecha_baja, %(fecha)s::date)
        and dw.documento(dni) is not null
    group by dw.documento(dni)
    having count(*) > 5
),

correo as (
    select count(*) as clientes
    from dw.dim_cliente
    where
        dw.vigente(vigente_desde, vigente_hasta, %(fecha)s::date)
        and dw.es_cliente(fecha_alta, fecha_baja, %(fecha)s::date)
        and dw.correo(email) is not null
    group by dw.correo(email)
    having count(*) > 5
),

compartido as (
    select 'a document of ' || clientes || ' customers' as que
    from documento
    union all
    select 'an e-mail address of ' || clientes || ' customers' as que
    from correo
)

select
    count(*) as hallazgos,
    min(que) as ejemplo
from compartido;
