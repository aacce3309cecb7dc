-- Adds the lines of the groups to the temporary table linea_de_grupo, those of before too.
-- Input: the raw rows of a kind of file, crudo_en_parte._grupos.

analyze crudo_en_parte._grupos;

insert into linea_de_grupo (entrega, linea, muestra)
select
    abs(cruda._entrega) as entrega,
    cruda._linea,
    grupos.muestra
from (
    select
        _entrega,
        _linea,
        %(huella)s as grupo
    from %(crudas)s
) as cruda
inner join crudo_en_parte._grupos as grupos
    on cruda.grupo = grupos.grupo;

analyze linea_de_grupo;
