-- Adds the lines of the groups to the temporary table linea_de_grupo, those of before too.
-- Input: the raw rows of a kind of file, the temporary table grupo_tocado.

analyze grupo_tocado;

insert into linea_de_grupo (entrega, linea, muestra)
select
    abs(_entrega) as entrega,
    _linea,
    grupo_tocado.muestra
from %(crudas)s
inner join grupo_tocado
    on %(grupo)s = grupo_tocado.grupo;

analyze linea_de_grupo;
