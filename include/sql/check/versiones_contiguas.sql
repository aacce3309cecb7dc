-- The versions of a customer follow one another without gap or overlap, and the last one is open.

with version as (
    select
        cliente_id,
        vigente_desde,
        vigente_hasta,
        lead(vigente_desde, 1, date '9999-12-31') over (
            partition by cliente_id order by vigente_desde
        ) as siguiente
    from dw.dim_cliente
)

select
    count(*) as hallazgos,
    min(cliente_id || ' ' || vigente_desde) as ejemplo
from version
where vigente_hasta <> siguiente or vigente_hasta <= vigente_desde;
