-- Functions for mappings, in the schema crudo. None of them fails, whatever the text; null gives null.

create schema if not exists crudo;

-- the tokens of a moment in a format of to_timestamp, in its order
create or replace function crudo.partes_de_fecha(formato text) returns text[]
language sql immutable parallel safe strict
return array(
    select token[1]
    from regexp_matches(formato, 'YYYY|YY|MM|DD|Mon|HH24|MI|SS', 'g') as token
);

-- the regular expression of what is written in a format, those tokens in parentheses
create or replace function crudo.patron_de_fecha(formato text) returns text
language plpgsql immutable parallel safe strict
as $$
declare
    -- without anything between them, only their width tells numbers apart
    numero constant text := case when formato ~ 'YY(MM|DD)|(MM|DD)(YY|MM|DD)' then '([0-9]{2})' else '([0-9]{1,2})' end;
    patron text := regexp_replace(replace(formato, '"', ''), '([*+?(){}^$|.\[\]\\])', '\\\1', 'g');
begin
    patron := replace(replace(patron, 'YYYY', '([0-9]{4})'), 'YY', '([0-9]{2})');
    patron := replace(replace(replace(patron, 'MM', numero), 'DD', numero), 'Mon', '([A-Za-z]{3}|[Ss][Ee][Pp][Tt])');
    patron := replace(replace(patron, 'HH24', '([01]?[0-9]|2[0-3])'), 'MI', '([0-5][0-9])');
    return '^' || replace(patron, 'SS', '([0-5][0-9](?:[.,][0-9]+)?)') || '$';
end
$$;

-- the ISO day that the values of those tokens name; null if there is no such day
create or replace function crudo.dia(valores text[], partes text[]) returns text
language plpgsql immutable parallel safe strict
as $$
declare
    corto constant text := valores[array_position(partes, 'YY')];
    anio constant text := coalesce(
        valores[array_position(partes, 'YYYY')], case when corto < '70' then '20' else '19' end || corto
    );
    nombre constant text := lower(valores[array_position(partes, 'Mon')]);
    mes constant text := coalesce(
        valores[array_position(partes, 'MM')],
        array_position('{jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec}', nombre)::text,
        array_position('{ene,feb,mar,abr,may,jun,jul,ago,sep,oct,nov,dic}', nombre)::text,
        case when nombre in ('set', 'sept') then '9' end
    );
    iso constant text := concat_ws(
        '-', anio, lpad(mes, 2, '0'), lpad(valores[array_position(partes, 'DD')], 2, '0')
    );
begin
    return case when iso ~ '^....-..-..$' and pg_input_is_valid(iso, 'date') then iso end;
end
$$;

-- the ISO day of a year of four digits, a month and a day of two; null if there is no such day
create or replace function crudo.dia_de_ancho_fijo(anio text, mes text, dia text) returns text
language sql immutable parallel safe
return case
    when pg_input_is_valid(anio || '-' || mes || '-' || dia, 'date') then anio || '-' || mes || '-' || dia
end;

-- The ISO day of a text that is written as in `formato`, a template of to_timestamp: YYYY, YY, MM, DD, Mon (English or
-- Spanish, Set and Sept too), HH24, MI, SS. A text that is no such day is given back, for the contract to refuse.
create or replace function crudo.fecha(texto text, formato text) returns text
language sql immutable parallel safe
return coalesce(
    -- as most are written: to take a text apart by a regular expression costs four times as much
    case
        when translate(texto, '123456789', '000000000') = translate(formato, 'YMD', '000')
            then crudo.dia_de_ancho_fijo(
                substr(texto, nullif(strpos(formato, 'YYYY'), 0), 4),
                substr(texto, nullif(strpos(formato, 'MM'), 0), 2),
                substr(texto, nullif(strpos(formato, 'DD'), 0), 2)
            )
    end,
    crudo.dia(regexp_match(texto, crudo.patron_de_fecha(formato)), crudo.partes_de_fecha(formato)),
    texto
);

-- The number in a text with this decimal separator, with or without the other one between thousands; 0.335 has none of
-- those. NaN where there is none: it stays NaN in arithmetic, and the contract rejects it.
create or replace function crudo.numero(texto text, separador text) returns numeric
language sql immutable parallel safe
return case
    when octet_length(texto) > 1000 then 'NaN'
    when
        separador = ',' and texto ~ '^[-+]?(([1-9][0-9]{0,2}(\.[0-9]{3})+|[0-9]+)(,[0-9]*)?|,[0-9]+)$'
        then translate(texto, ',.', '.')::numeric
    when
        separador = '.' and texto ~ '^[-+]?(([1-9][0-9]{0,2}(,[0-9]{3})+|[0-9]+)(\.[0-9]*)?|\.[0-9]+)$'
        then replace(texto, ',', '')::numeric
    when texto is not null then 'NaN'
end;

-- values as a line of a file, quoted where they have to be
create or replace function crudo.linea(valores text[], delimitador text, comilla text) returns text
language sql immutable parallel safe
return array_to_string(
    array(
        select
            case
                when
                    strpos(valor.texto, delimitador) > 0
                    or strpos(valor.texto, comilla) > 0
                    or strpos(valor.texto, chr(10)) > 0
                    or strpos(valor.texto, chr(13)) > 0
                    then comilla || replace(valor.texto, comilla, comilla || comilla) || comilla
                else coalesce(valor.texto, '')
            end
        from unnest(valores) with ordinality as valor (texto, posicion)
        order by valor.posicion
    ),
    delimitador
);
