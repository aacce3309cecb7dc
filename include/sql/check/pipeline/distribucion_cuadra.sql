-- Every customer of the day is in distribucion_geografica, in the province and country where they live.

with residencia as (
    select
        pais,
        coalesce(provincia, 'sin_dato') as provincia,
        count(*) as clientes
    from mart.cliente_360_historico
    where fecha_corte = %(fecha)s::date
    group by pais, coalesce(provincia, 'sin_dato')
),

distribucion as (
    select
        pais,
        provincia,
        clientes
    from mart.distribucion_geografica_historico
    where fecha_corte = %(fecha)s::date
)

select
    count(*) as hallazgos,
    min('distribucion_geografica'::text) as ejemplo
from residencia
full outer join distribucion
    on
        residencia.pais = distribucion.pais
        and residencia.provincia = distribucion.provincia
where
    coalesce(residencia.clientes, 0) <> coalesce(distribucion.clientes, 0)
    -- in the country of the source, who lives in a province that is not known is nowhere
    and (residencia.provincia is distinct from 'sin_dato' or distribucion.clientes is not null);
