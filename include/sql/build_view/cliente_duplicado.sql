-- cliente_duplicado, for this transaction: who may be another customer once more.
-- Grain: one row per customer who is one at the end of the day fecha, and who has a document, or an e-mail address and
-- a date of birth, in common with one whose cliente_id is smaller. Input: dw.dim_cliente.
-- What more than five customers share stands for what is not known, and tells nothing.

create temporary table cliente_identidad on commit drop as
select
    cliente_id,
    fecha_nacimiento,
    dw.documento(dni) as documento,
    dw.correo(email) as correo
from dw.dim_cliente
where
    dw.vigente(vigente_desde, vigente_hasta, %(fecha)s::date)
    and dw.es_cliente(fecha_alta, fecha_baja, %(fecha)s::date);

create temporary table cliente_duplicado on commit drop as
with por_documento as (
    select
        documento,
        min(cliente_id) as primero
    from cliente_identidad
    where documento is not null
    group by documento
    having count(*) between 2 and 5
),

correo_compartido as (
    select correo
    from cliente_identidad
    where correo is not null
    group by correo
    having count(*) between 2 and 5
),

por_correo as (
    select
        identidad.correo,
        identidad.fecha_nacimiento,
        min(identidad.cliente_id) as primero
    from cliente_identidad as identidad
    inner join correo_compartido
        on identidad.correo = correo_compartido.correo
    where identidad.fecha_nacimiento is not null
    group by identidad.correo, identidad.fecha_nacimiento
)

select
    identidad.cliente_id,
    least(por_documento.primero, por_correo.primero) as posible_duplicado_de
from cliente_identidad as identidad
left join por_documento
    on identidad.documento = por_documento.documento
left join por_correo
    on
        identidad.correo = por_correo.correo
        and identidad.fecha_nacimiento = por_correo.fecha_nacimiento
where identidad.cliente_id > least(por_documento.primero, por_correo.primero);
