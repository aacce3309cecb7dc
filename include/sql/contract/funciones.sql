-- Functions that read a day or number from text; null where the text is none. For the planner to inline them, each is
-- one expression and declared as volatile as that is; called on constants, not columns, they may fail.

-- whether a text is a plain whole number; PostgreSQL also takes 0x1F and 1_000
create or replace function crudo.es_entero(texto text) returns boolean
language sql immutable parallel safe
return texto ~ '^ *[-+]?[0-9]+ *$';

-- whether a text is a plain decimal number; PostgreSQL also takes 1e3, NaN, 0x1F and 1_000
create or replace function crudo.es_decimal(texto text) returns boolean
language sql immutable parallel safe
return texto ~ '^ *[-+]?([0-9]+\.?[0-9]*|\.[0-9]+) *$';

-- most numbers are printed as they were written; comparing is faster than a pattern
create or replace function crudo.leer_entero(texto text) returns integer
language sql stable parallel safe
return case
    when pg_input_is_valid(texto, 'integer')
        then case when texto::integer::text = texto or crudo.es_entero(texto) then texto::integer end
end;

-- `tipo` is the type that the number must fit in, such as numeric(14, 2)
create or replace function crudo.leer_decimal(texto text, tipo text) returns numeric
language sql stable parallel safe
return case
    when pg_input_is_valid(texto, tipo)
        then
            case
                when (texto::numeric::text = texto and texto <> 'NaN') or crudo.es_decimal(texto)
                    then texto::numeric
            end
end;

-- `dia` is the day that the calendar has for the text; other texts are parsed. PostgreSQL also takes 'today',
-- '1/2/2025' and '0044-03-15 BC' for days; only an ISO day is printed as it was written.
create or replace function crudo.leer_dia(texto text, dia date) returns date
language sql stable parallel safe
return case
    when dia is not null then dia
    when octet_length(texto) = 10 or texto ~ '^ *[0-9]{4}-[0-9]{2}-[0-9]{2} *$'
        then
            case
                when pg_input_is_valid(texto, 'date')
                    then case when texto::date::text = btrim(texto) then texto::date end
            end
end;
