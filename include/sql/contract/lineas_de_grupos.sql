-- Adds the lines of the groups to the temporary table linea_de_grupo, those of before too.
-- Input: the raw rows of a kind of file, the temporary table grupo_tocado.

analyze grupo_tocado;

insert into linea_de_grupo (entrega, linea, muestra)
select
    abs(cruda._entrega) as entrega,
    cruda._linea,
    grupo_tocado.muestra
from (
    select
        _entrega,
        _linea,
        %(huella)s as grupo
    from %(crudas)s
) as cruda
inner join grupo_tocado
    on cruda.grupo = grupo_tocado.grupo;

analyze linea_de_grupo;
