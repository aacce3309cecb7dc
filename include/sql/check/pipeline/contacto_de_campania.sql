-- Every contact of the days that the run touched refers to a campaign and a customer that are known by then.

select
    count(*) as hallazgos,
    min(hecho_contactos.campania_id || ', a contact of ' || hecho_contactos.fecha) as ejemplo
from dw.hecho_contactos as hecho_contactos
where
    hecho_contactos.fecha = any(%(dias)s::date[])
    and (
        not exists (
            select 1
            from dw.dim_campania as dim_campania
            where
                dim_campania.campania_id = hecho_contactos.campania_id
                and dim_campania.vigente_desde <= hecho_contactos.fecha
        )
        or not exists (
            select 1
            from dw.dim_cliente as dim_cliente
            where
                dim_cliente.cliente_id = hecho_contactos.cliente_id
                and dim_cliente.vigente_desde <= hecho_contactos.fecha
        )
    );
