-- Each account that is held at the end of the day is so by those whom the versions of that day name, of whom one is the
-- main one, and their parts add up to the whole.

with tenida as (
    select
        cuenta_id,
        count(*) as titulares,
        count(otras) as principales,
        sum(participacion) as partes,
        min(de) as de
    from dw.titularidad
    where dw.vigente(desde, hasta, %(fecha)s::date)
    group by cuenta_id
),

version as (
    select
        cuenta_id,
        count(*) as titulares
    from dw.dim_titular
    where
        dw.vigente(vigente_desde, vigente_hasta, %(fecha)s::date)
        and dw.es_cliente(coalesce(desde, vigente_desde), hasta, %(fecha)s::date)
    group by cuenta_id
)

select
    count(*) as hallazgos,
    min('an account held on ' || %(fecha)s::date) as ejemplo
from tenida
full outer join version
    on tenida.cuenta_id = version.cuenta_id
where
    (tenida.titulares, tenida.principales, tenida.partes)
    is distinct from (version.titulares, 1, tenida.de);
