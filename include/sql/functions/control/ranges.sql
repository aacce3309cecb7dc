-- Lets a BRIN index know the rows that came since it was last told; it is not as they come. Not while its table is
-- vacuumed, which tells it too, and which a wait would end. The index is right in any case.

create or replace function control.summarize_new_ranges(indice text) returns void
language plpgsql
set lock_timeout = '10ms'
as $$
begin
    perform brin_summarize_new_values(to_regclass(indice));
exception
    when lock_not_available then
        null;
end
$$;
