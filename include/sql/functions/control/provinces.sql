-- Deletes the provinces that are not among these. They come as a list: on a cluster a delete from dw.dim_provincia, of
-- which every machine has a copy, can not join a temporary table.

create or replace function control.keep_provinces(conocidas text[]) returns void
language plpgsql
as $$
begin
    delete from dw.dim_provincia where provincia <> all(conocidas);
end
$$;
