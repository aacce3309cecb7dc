-- What the mappings of the feeds may call: functions that no text makes fail. They stand in the schema crudo.

-- The day that a text says in a format of DD, MM and YYYY, as YYYY-MM-DD; the text itself where it says none.
create or replace function crudo.fecha(texto text, formato text) returns text
language sql immutable parallel safe
begin atomic
    with dia as (
        select
            substr(texto, strpos(formato, 'YYYY'), 4)
            || '-' || substr(texto, strpos(formato, 'MM'), 2)
            || '-' || substr(texto, strpos(formato, 'DD'), 2) as iso
    )

    select
        case
            when
                translate(texto, '0123456789', '9999999999') = translate(formato, 'DMY', '999')
                and pg_input_is_valid(iso, 'date')
                then iso
            else texto
        end
    from dia;
end;

-- The number that a text of at most 40 characters says with that decimal separator, null where it says none. With a
-- decimal comma there may be points between thousands.
create or replace function crudo.numero(texto text, separador text) returns numeric
language sql immutable parallel safe
return case
    when length(texto) > 40 then null
    when separador = '.' and texto ~ '^[-+]?[0-9]+([.][0-9]+)?$' then texto::numeric
    when separador = ',' and texto ~ '^[-+]?([0-9]+|[0-9]{1,3}([.][0-9]{3})+)(,[0-9]+)?$'
        then translate(texto, ',.', '.')::numeric
end;
