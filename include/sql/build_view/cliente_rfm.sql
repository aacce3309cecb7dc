-- cliente_rfm, for this transaction: the RFM segments of cliente_360.
-- Grain: one row per customer who has ever bought. Input: cliente_compras, of this transaction.

create temporary table cliente_rfm on commit drop as
with quinto as (
    select
        cliente_id,
        ultima_compra,
        compras_12m,
        gastado_12m,
        ntile(5) over (order by ultima_compra) as recencia,
        ntile(5) over (order by compras_12m) as frecuencia,
        ntile(5) over (order by gastado_12m) as valor
    from cliente_compras
    where primera_compra is not null
),

-- of equal values, the first one's for all
segmentado as (
    select
        cliente_id,
        min(recencia) over (partition by ultima_compra) as recencia,
        min(frecuencia) over (partition by compras_12m) as frecuencia,
        min(valor) over (partition by gastado_12m) as valor
    from quinto
)

select
    cliente_id,
    recencia::text || frecuencia::text || valor::text as segmento_rfm
from segmentado;
