-- The customer, and who of the customers at the end of the day has the same document or e-mail address, as these are
-- compared. Grain: one row per customer. fecha is the business day on which the version became known.
with identidad as (
    select
        cliente_id,
        vigente_desde as fecha,
        fecha_nacimiento,
        dw.documento(dni) as documento,
        dw.correo(email) as correo
    from dw.dim_cliente
    where
        dw.vigente(vigente_desde, vigente_hasta, %(fecha)s::date)
        and dw.es_cliente(fecha_alta, fecha_baja, %(fecha)s::date)
)

select
    otra.cliente_id,
    otra.fecha,
    otra.documento,
    otra.correo,
    otra.fecha_nacimiento
from identidad as propia
inner join identidad as otra
    on
        propia.cliente_id = otra.cliente_id
        or propia.documento = otra.documento
        or propia.correo = otra.correo
where propia.cliente_id = %(cliente_id)s
order by otra.cliente_id
