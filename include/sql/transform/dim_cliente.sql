-- dw.dim_cliente, type 2 slowly changing dimension.
-- Grain: one row per version of a customer. Input: the days of staging.clientes from desde to hasta that wait there.
-- A day that is delivered again replaces what it delivered before. The validity of all versions of the customers it
-- touched is derived anew, so the order in which days arrive does not matter.

create temporary table cliente_tocado on commit drop as
with dia as (
    select fecha
    from control.cargas
    where entidad = 'clientes' and capa = 'staging' and fecha between %(desde)s::date and %(hasta)s::date
)

select clientes.cliente_id
from staging.clientes as clientes
inner join dia
    on clientes.fecha = dia.fecha
union
select dim_cliente.cliente_id
from dw.dim_cliente as dim_cliente
inner join dia
    on dim_cliente.vigente_desde = dia.fecha;

delete from dw.dim_cliente as dim_cliente
using control.cargas as cargas
where
    cargas.entidad = 'clientes'
    and cargas.capa = 'staging'
    and cargas.fecha between %(desde)s::date and %(hasta)s::date
    and dim_cliente.vigente_desde = cargas.fecha;

insert into dw.dim_cliente (
    cliente_id, vigente_desde, vigente_hasta, dni, nombre, apellido, email, fecha_nacimiento,
    provincia, ciudad, ocupacion, ingresos_mensuales, fecha_alta, fecha_baja
)
select
    cliente_id,
    fecha as vigente_desde,
    date '9999-12-31' as vigente_hasta,
    dni,
    nombre,
    apellido,
    email,
    fecha_nacimiento,
    provincia,
    ciudad,
    ocupacion,
    ingresos_mensuales,
    fecha_alta,
    fecha_baja
from staging.clientes
where fecha between %(desde)s::date and %(hasta)s::date;

with version_siguiente as (
    select
        dim_cliente.cliente_id,
        dim_cliente.vigente_desde,
        lead(dim_cliente.vigente_desde, 1, date '9999-12-31') over (
            partition by dim_cliente.cliente_id order by dim_cliente.vigente_desde
        ) as vigente_hasta
    from dw.dim_cliente as dim_cliente
    inner join cliente_tocado
        on dim_cliente.cliente_id = cliente_tocado.cliente_id
)

update dw.dim_cliente as dim_cliente
set vigente_hasta = version_siguiente.vigente_hasta
from version_siguiente
where
    dim_cliente.cliente_id = version_siguiente.cliente_id
    and dim_cliente.vigente_desde = version_siguiente.vigente_desde
    and dim_cliente.vigente_hasta <> version_siguiente.vigente_hasta;
