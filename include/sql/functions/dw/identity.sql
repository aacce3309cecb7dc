-- What tells whether two customers may be one person: document and e-mail address, as they are compared. The C locale
-- makes the result that of any server.

-- Without blanks, points and dashes; null where nothing is left, or but one character again and again (0, 99.999.999),
-- which stands for a document that is not known.
create or replace function dw.documento(dni text) returns text
language sql immutable parallel safe
return case
    when ltrim(translate(dni, ' .-', ''), left(translate(dni, ' .-', ''), 1)) <> ''
        then lower(translate(dni, ' .-', '') collate "C")
end;

create or replace function dw.correo(email text) returns text
language sql immutable parallel safe
return nullif(lower(btrim(email) collate "C"), '');
