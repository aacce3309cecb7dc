-- Whether a SELECT over the files that have changed gave rows of others.
-- Inputs: the rows that came, the temporary table entrega_cambiada.

select exists(
    select
    from %(ahora)s
    where _entrega not in (select entrega_cambiada.entrega from entrega_cambiada)
) as hay;
