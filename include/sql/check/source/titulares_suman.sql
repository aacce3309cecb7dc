-- Where anybody's part of an account is known, the parts of all who hold it at the end of the day add up to 100.

with cuenta as (
    select
        cuenta_id,
        sum(participacion) as partes
    from dw.dim_titular
    where
        dw.vigente(vigente_desde, vigente_hasta, %(fecha)s::date)
        and dw.es_cliente(coalesce(desde, vigente_desde), hasta, %(fecha)s::date)
    group by cuenta_id
)

select
    count(*) as hallazgos,
    min('account ' || cuenta_id || ', of which the parts add up to ' || round(partes, 2)) as ejemplo
from cuenta
where round(partes, 2) <> 100;
