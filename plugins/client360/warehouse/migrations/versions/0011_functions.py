"""Functions that are no more, and no statistics of the deliveries of raw rows."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute("drop function if exists control.lock_months(date, date)")
    op.execute("drop function if exists control.pending_days(text, date, date)")
    op.execute("drop function if exists dw.first_state(text, text)")
    # as client360.ingest.raw_tables makes new ones; before PostgreSQL 18 what was gathered stays
    op.execute("""
        do $$
        declare
            tabla name;
        begin
            for tabla in
                select pg_class.relname
                from pg_catalog.pg_class
                inner join pg_catalog.pg_attribute
                    on pg_class.oid = pg_attribute.attrelid and pg_attribute.attname = '_entrega'
                where
                    pg_class.relnamespace = to_regnamespace('crudo')
                    and pg_class.relkind = 'r'
                    and pg_class.relname like '%\\_filas'
            loop
                execute format('alter table crudo.%I alter column _entrega set statistics 0', tabla);
                if to_regprocedure('pg_catalog.pg_clear_attribute_stats(text, text, text, boolean)') is not null then
                    perform pg_catalog.pg_clear_attribute_stats('crudo', tabla::text, '_entrega', false);
                end if;
            end loop;
        end
        $$
    """)
