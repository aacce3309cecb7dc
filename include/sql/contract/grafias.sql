-- dw.grafia_provincia: what rows write instead of the name of a province, with that name, or with null where it is not
-- known. Grain: one row per spelling. It comes as lists, as the provinces to keep do: see control.keep_provinces.

delete from dw.grafia_provincia
where grafia <> all(%(grafias)s::text[]);

insert into dw.grafia_provincia as anterior (grafia, provincia, filas)
select
    grafia,
    provincia,
    filas
from
    unnest(%(grafias)s::text[], %(significados)s::text[], %(filas)s::bigint[])
        as escrita (grafia, provincia, filas)
on conflict (grafia) do update
    set
        provincia = excluded.provincia,
        filas = excluded.filas
    where (anterior.provincia, anterior.filas) is distinct from (excluded.provincia, excluded.filas);
