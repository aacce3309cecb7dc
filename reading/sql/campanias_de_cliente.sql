-- The campaigns that a customer was assigned to in the 365 days that end on the day.
-- Grain: one row per campaign and day of assignment, the newest first.
select
    contacto.fecha,
    contacto.campania_id,
    dim_campania.nombre,
    dim_campania.canal,
    dim_campania.categoria,
    dim_campania.fecha_inicio,
    dim_campania.fecha_fin,
    case contacto.grupo when 'tratamiento' then 'contactado' else 'grupo de control' end as grupo
from dw.hecho_contactos as contacto
left join dw.dim_campania as dim_campania
    on
        contacto.campania_id = dim_campania.campania_id
        and dim_campania.vigente_desde <= %(fecha)s::date
        and dim_campania.vigente_hasta > %(fecha)s::date
where
    contacto.cliente_id = %(cliente_id)s
    and contacto.fecha > %(fecha)s::date - 365
    and contacto.fecha <= %(fecha)s::date
order by contacto.fecha desc, contacto.campania_id asc
