-- dw.dim_provincia of a feed: the provinces that it provides, else those of the reference, and any other that customers
-- live in or orders are shipped to, whose region and population are unknown.
-- Grain: one row per province. Inputs: crudo._provincias, crudo._provincias_nombradas, dw.grafia_provincia.

create temporary table provincia_conocida on commit drop as
with nombrada as (
    select distinct coalesce(grafia.provincia, escrita.provincia) as provincia
    from crudo._provincias_nombradas as escrita
    left join dw.grafia_provincia as grafia
        on escrita.provincia = grafia.grafia
    where escrita.filas > 0
),

descrita as (
    select
        provincia,
        region,
        poblacion
    from crudo._provincias
    where _estado is null
    union all
    select
        referencia.provincia,
        referencia.region,
        referencia.poblacion
    from unnest(%(provincias)s::text[], %(regiones)s::text[], %(poblaciones)s::integer[])
        as referencia (provincia, region, poblacion)
)

select
    coalesce(nombrada.provincia, descrita.provincia) as provincia,
    descrita.region,
    descrita.poblacion
from nombrada
full outer join descrita
    on nombrada.provincia = descrita.provincia
where coalesce(nombrada.provincia, descrita.provincia) is not null;

select control.keep_provinces(array(select provincia_conocida.provincia from provincia_conocida));

insert into dw.dim_provincia as dim_provincia (provincia, region, poblacion)
select
    provincia,
    region,
    poblacion
from provincia_conocida
on conflict (provincia) do update
    set
        region = excluded.region,
        poblacion = excluded.poblacion
    where (dim_provincia.region, dim_provincia.poblacion) is distinct from (excluded.region, excluded.poblacion);
