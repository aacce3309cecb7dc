-- Functions for mappings, of moments and the days that they are of. None of them fails; null gives null.

-- The time zone of the feed. A constant, so that what depends on it is immutable: when it changes, the feed has
-- changed, and all rows are judged again.
create or replace function crudo.zona() returns text
language sql immutable parallel safe
return %(zona)s;

-- the ISO time of day that the values of those tokens name; null without an hour
create or replace function crudo.hora(valores text[], partes text[]) returns text
language sql immutable parallel safe strict
return lpad(valores[array_position(partes, 'HH24')], 2, '0')
|| ':' || coalesce(valores[array_position(partes, 'MI')], '00')
|| ':' || coalesce(valores[array_position(partes, 'SS')], '00');

-- The moment of an ISO 8601 text, a day and a time of day with an offset or Z; without one, it is a time in the zone of
-- the feed. Null where the text is none. Of a second six digits count; rounding could end in the next day.
create or replace function crudo.leer_momento(texto text) returns timestamptz
language plpgsql immutable parallel safe strict
as $$
declare
    forma constant text := translate(texto, '123456789+', '000000000-');
    partes text[];
    momento text;
begin
    -- as most are written: to take a text apart by a regular expression costs eight times as much
    if substr(texto, 12, 2) < '24' and substr(texto, 18, 1) < '6' then
        if pg_input_is_valid(texto, 'timestamptz')
            and forma = any('{0000-00-00T00:00:00-00:00,0000-00-00T00:00:00Z,0000-00-00 00:00:00-00:00,0000-00-00 00:00:00Z}')
            then
            return texto::timestamptz;
        elsif forma = any('{0000-00-00T00:00:00,0000-00-00 00:00:00}') and pg_input_is_valid(texto, 'timestamp') then
            return texto::timestamp at time zone crudo.zona();
        end if;
    end if;
    partes := regexp_match(
        texto,
        '^ *([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]((?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?)(?:[.,]([0-9]{1,6})[0-9]*)?'
        ' ?([Zz]|[-+](?:0[0-9]|1[0-5])(?::?[0-5][0-9])?)? *$'
    );
    momento := partes[1] || ' ' || partes[2] || coalesce('.' || partes[3], '');
    if not pg_input_is_valid(momento, 'timestamp') then
        return null;
    elsif partes[4] is null then
        return momento::timestamp at time zone crudo.zona();
    end if;
    return (momento || partes[4])::timestamptz;
end
$$;

-- a moment as text: in UTC, so that texts compare as moments do
create or replace function crudo.en_utc(momento timestamptz) returns text
language sql immutable parallel safe
return to_char(momento at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

-- The moment of a text as ISO 8601 in UTC. A text that is no moment is given back, for the contract to refuse.
create or replace function crudo.momento(texto text) returns text
language sql immutable parallel safe
return coalesce(crudo.en_utc(crudo.leer_momento(texto)), texto);

-- The same of a text that is written as in `formato`, one of those of crudo.fecha with an hour in it: a time in the
-- zone of the feed. 'epoch' are seconds since 1970 in UTC, 'epoch_ms' thousandths of them.
create or replace function crudo.momento(texto text, formato text) returns text
language plpgsql immutable parallel safe
as $$
declare
    corto constant text := replace(formato, 'HH24', 'HH');
    valores text[];
    partes text[];
begin
    -- as most are written, without a regular expression
    if translate(texto, '123456789', '000000000') = translate(corto, 'YMDHIS', '000000') then
        valores := array[
            substr(texto, nullif(strpos(corto, 'YYYY'), 0), 4),
            substr(texto, nullif(strpos(corto, 'MM'), 0), 2),
            substr(texto, nullif(strpos(corto, 'DD'), 0), 2),
            substr(texto, nullif(strpos(corto, 'HH'), 0), 2),
            case when strpos(corto, 'MI') > 0 then substr(texto, strpos(corto, 'MI'), 2) else '00' end,
            case when strpos(corto, 'SS') > 0 then substr(texto, strpos(corto, 'SS'), 2) else '00' end
        ];
        if array_position(valores, null) is null then
            return coalesce(
                crudo.en_utc(crudo.leer_momento(
                    valores[1] || '-' || valores[2] || '-' || valores[3] || 'T' || valores[4] || ':' || valores[5] || ':' || valores[6]
                )),
                texto
            );
        end if;
    end if;
    valores := regexp_match(texto, crudo.patron_de_fecha(formato));
    partes := crudo.partes_de_fecha(formato);
    return crudo.momento(
        case
            when formato = 'epoch' and texto ~ '^[0-9]{1,10}([.][0-9]{1,9})?$'
                then crudo.en_utc(to_timestamp(texto::float8))
            when formato = 'epoch_ms' and texto ~ '^[0-9]{1,13}$'
                then crudo.en_utc(to_timestamp(texto::float8 / 1000))
            else coalesce(crudo.dia(valores, partes) || 'T' || crudo.hora(valores, partes), texto)
        end
    );
end
$$;

-- The ISO day of a moment in the zone of the feed. A text that is no moment is given back.
create or replace function crudo.fecha_de(momento text) returns text
language sql immutable parallel safe
return coalesce(to_char(crudo.leer_momento(momento) at time zone crudo.zona(), 'YYYY-MM-DD'), momento);
