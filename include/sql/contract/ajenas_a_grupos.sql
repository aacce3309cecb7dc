-- Whether a SELECT over some groups of rows gave rows of others.
-- Inputs: the rows that came, the temporary table linea_de_grupo.

select exists(
    select
    from %(ahora)s
    where
        (_entrega, _linea) not in (
            select
                linea_de_grupo.entrega,
                linea_de_grupo.linea
            from linea_de_grupo
        )
) as hay;
