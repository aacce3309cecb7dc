-- Counts the provinces that accepted rows of an entity name, `veces` 1 for rows that came and -1 for those that went.
-- Grain: one row per entity and province, of the feed's own country. Input: typed rows of the entity.

insert into crudo._provincias_nombradas as nombradas (entidad, provincia, filas)
select
    %(entidad)s::text as entidad,
    %(nombrada)s as provincia,
    %(veces)s * count(*) as filas
from %(tipadas)s
where _estado is null and %(nombrada)s is not null
group by %(nombrada)s
on conflict (entidad, provincia) do update
    set filas = nombradas.filas + excluded.filas;
